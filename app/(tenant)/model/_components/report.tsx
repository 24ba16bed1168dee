import { formatAge, formatDecimal } from '@/components/format';
import { Result } from '@/components/live/result';
import { FileLink } from '@/components/ui/file-link';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import type { ContractReport, ModelVersion } from '@/lib/domain/models/ports';
import { inWords } from '../words';
import { ActivateForm } from './activate-form';
import { Checks } from './checks';

/** The contract report of an endpoint, check by check, with the next step if it passed. */
export function Report({
  report,
  version,
  active,
  now,
}: {
  readonly report: ContractReport;
  /** The version that this deployment was registered as; null: none yet. */
  readonly version: ModelVersion | null;
  readonly active: ModelVersion | null;
  readonly now: Date;
}) {
  const { endpointName, passed, testedAt, checks } = report;
  const inUse = version !== null && version.version === active?.version;
  return (
    <section id="report" aria-labelledby="report-title" className="space-y-4 scroll-mt-16">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <Result
          name="report"
          mark={`${endpointName} ${testedAt.toISOString()}`}
          words={reportInWords(endpointName, { report })}
          as="h3"
          id="report-title"
          className="text-base"
        >
          Contract report of {endpointName}
        </Result>
        <FileLink href={`/model/report?endpoint=${endpointName}`}>Download report</FileLink>
      </div>
      <Notice tone={passed ? 'done' : 'failed'} title={passed ? verdicts.passed : verdicts.failed}>
        <p>
          Tested <Instant at={testedAt} style="second" />, {formatAge(testedAt, now)}. {summaryOf(report)}
        </p>
      </Notice>
      {inUse ? <p className="text-sm text-muted">This is version {version.version}, in use.</p> : null}
      {passed && !inUse ? (
        <ActivateForm
          endpointName={endpointName}
          now={inWords(active)}
          then={version ? `${inWords(version)} again` : `a new version of ${endpointName}`}
        />
      ) : null}
      <Checks checks={checks} />
    </section>
  );
}

/** What a screen reader announces when the report of `endpointName` appears. */
export const reportInWords = (
  endpointName: string,
  found: { readonly report: Pick<ContractReport, 'passed'> } | null,
): string =>
  found
    ? `Contract report of ${endpointName}. ${found.report.passed ? verdicts.passed : verdicts.failed}`
    : `${endpointName} has never been tested.`;

const verdicts = {
  passed: 'Passed: meets the churn interface',
  failed: 'Failed: does not meet the churn interface',
} as const;

function summaryOf({ passed, contentTypes, latencyMs: { rows1, rows100 } }: ContractReport): string {
  if (!passed) return 'Only an endpoint that passes can be activated. The model in use does not change.';
  const times =
    rows1 === null || rows100 === null
      ? ''
      : ` A request with 1 row took ${formatDecimal(rows1)} ms, one with 100 rows ${formatDecimal(rows100)} ms.`;
  return `Accepts ${contentTypes.join(' and ')}. Annex requests scores as ${contentTypes[0]}.${times}`;
}
