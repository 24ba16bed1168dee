import { Facts } from '@/components/data/facts';
import { Timeline } from '@/components/data/timeline';
import { formatBytes, formatUnits, formatUsdRate } from '@/components/format';
import { LiveTimeline } from '@/components/live/live-timeline';
import { Result } from '@/components/live/result';
import { Copyable } from '@/components/ui/copy';
import { FileLink } from '@/components/ui/file-link';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import type { Closing, ClosingCounts } from '@/lib/domain/closing/ports';
import { isKept } from '@/lib/domain/closing/steps';
import { currentStep } from '@/lib/domain/stepwise';
import { tenantHref } from '../../words';
import { closingReading } from '../tenant-reading';
import { DeleteNowForm, KeepForm, RetryClosing } from './closing-forms';

/** How far the closing of the tenant is, and what can be done about it. */
export function ClosingPart({ closing, now }: { readonly closing: Closing; readonly now: Date }) {
  const { tenantId, state } = closing;
  const reading = closingReading(closing, now);
  return (
    <section className="space-y-3">
      <Result name="tenant" mark={reading.mark} words={reading.words} className="text-lg">
        Closing: {reading.words}
      </Result>
      {state === 'running' && isKept(closing) ? <Kept closing={closing} now={now} /> : null}
      {state === 'failed' ? <Stopped closing={closing} /> : null}
      {state === 'done' ? <Certificate closing={closing} /> : null}
      {closing.left.length > 0 ? <LeftOver closing={closing} /> : null}
      {reading.underWay ? (
        <LiveTimeline
          initial={reading}
          href={`${tenantHref(tenantId)}/closing`}
          pageHref={tenantHref(tenantId)}
        />
      ) : (
        <Timeline steps={reading.steps} now={now.getTime()} />
      )}
    </section>
  );
}

function Kept({ closing, now }: { readonly closing: Closing; readonly now: Date }) {
  const { tenantId, deleteAfter, reason, askedBy } = closing;
  if (deleteAfter <= now) return null;
  return (
    <Notice tone="warning" title="Everything is kept for now" actions={<KeepForm tenantId={tenantId} />}>
      <p>
        Everything is deleted after <Instant at={deleteAfter} style="minute" />. Closed by {askedBy.name}: “
        {reason}”
      </p>
      {currentStep(closing)?.name === 'grace' ? (
        <details className="mt-2">
          <summary className="cursor-pointer font-medium">Delete now instead</summary>
          <p className="mt-2">Owners who have not exported yet lose everything. This can’t be undone.</p>
          <DeleteNowForm tenantId={tenantId} />
        </details>
      ) : null}
    </Notice>
  );
}

function Stopped({ closing }: { readonly closing: Closing }) {
  const { tenantId, attempt } = closing;
  return (
    <Notice
      tone="failed"
      title="Closing stopped"
      actions={
        <div className="flex flex-wrap gap-3">
          <RetryClosing tenantId={tenantId} attempt={attempt} />
          {isKept(closing) ? <KeepForm tenantId={tenantId} /> : null}
        </div>
      }
    >
      <p>{currentStep(closing)?.reason} Retrying goes on from this step. What costs money may still run.</p>
    </Notice>
  );
}

function LeftOver({ closing }: { readonly closing: Closing }) {
  const over = closing.state === 'done';
  return (
    <Notice tone="warning" title="Not deleted by itself">
      <p>
        {over
          ? 'It ended with the AWS account, and costs nothing since.'
          : 'It ends with the AWS account, and costs what it does until then.'}
      </p>
      <ul className="mt-2 list-disc space-y-1 pl-5">
        {closing.left.map(({ what, reason, usdPerHour }) => (
          <li key={what} className="[overflow-wrap:anywhere]">
            {what}: {reason} {over ? null : costWords(usdPerHour)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function costWords(usdPerHour: number | null): string {
  if (usdPerHour === null) return 'What it costs is not known.';
  if (usdPerHour === 0) return 'It costs nothing by the hour.';
  return `It costs ${formatUsdRate(usdPerHour)} an hour at list prices.`;
}

const names: Readonly<Record<Exclude<keyof ClosingCounts, 'bytes'>, string>> = {
  people: 'user',
  customers: 'customer',
  orders: 'order',
  tickets: 'ticket',
  models: 'model version',
  requests: 'request',
  endpoints: 'endpoint',
  apps: 'app',
  profiles: 'user profile',
  objects: 'object',
};

function Certificate({ closing }: { readonly closing: Closing }) {
  const { tenantId, counts, certificate, updatedAt } = closing;
  if (!counts || !certificate) return null;
  const deleted = Object.entries(names).flatMap(([kind, name]) => {
    const count = counts[kind as keyof typeof names];
    return count === null ? [] : [formatUnits(count, name)];
  });
  // Where AWS refuses to tell of the account, it tells nothing of it.
  const unknown = counts.bytes === null ? 'what the account held was not told' : formatBytes(counts.bytes);
  const facts = [
    { name: 'Deleted', value: `${deleted.join(', ')} (${unknown})` },
    { name: 'Closed', value: <Instant at={updatedAt} style="second" /> },
    { name: 'SHA-256', value: <Copyable what="hash">{certificate.sha256}</Copyable> },
    {
      name: 'Certificate of deletion',
      value: <FileLink href={`${tenantHref(tenantId)}/certificate`}>Download JSON</FileLink>,
    },
  ];
  return (
    <>
      <Facts facts={facts} />
      <p className="text-sm text-muted">
        The audit keeps the same text and hash. AWS keeps the closed account for 90 days, in which nothing
        runs, and then removes what is left. The audit trail, the tenant’s id and name, and its costs by month
        stay here.
      </p>
    </>
  );
}
