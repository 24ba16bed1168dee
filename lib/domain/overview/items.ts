import { isImporting } from '../crm/imports';
import { datasets } from '../extracts/datasets';
import { openExtractStates } from '../extracts/ports';
import { openRun } from '../scoring/standing';
import { known } from '../seen';
import { currentStep } from '../workbench/steps';
import { currentReport, endpointsOf, isArriving } from './endpoints';
import type { OverviewFacts } from './facts';

/** Something that an overview names. */
export interface OverviewItem<Kind extends string> {
  readonly kind: Kind;
  /** When it happened; null: unknown. */
  readonly at: Date | null;
  /** The id of the extract, the name of the endpoint or the version of the model; null: there is only one such thing. */
  readonly subject: string | null;
  /** For people: the dataset of an extract, or who did it. */
  readonly name: string | null;
  /** Why it needs somebody. */
  readonly reason: string | null;
}

export type AttentionKind = 'workbench' | 'extract' | 'test' | 'fallback' | 'run' | 'unfitted' | 'budget';
export type WorkKind = 'import' | 'workbench' | 'extract' | 'endpoint' | 'run' | 'scores';
export type FinishedKind = 'import' | 'workbench' | 'extract' | 'test' | 'activation' | 'scores';

const item = <Kind extends string>(
  kind: Kind,
  given: Partial<Omit<OverviewItem<Kind>, 'kind'>> = {},
): OverviewItem<Kind> => ({ kind, at: null, subject: null, name: null, reason: null, ...given });

/** What failed and was not made good since. */
export function attentionOf(facts: OverviewFacts): readonly OverviewItem<AttentionKind>[] {
  return [
    ...failedScores(facts),
    ...failedWorkbench(facts),
    ...failedExtracts(facts),
    ...failedTests(facts),
    ...spentBudget(facts),
  ];
}

function failedScores(facts: OverviewFacts): OverviewItem<AttentionKind>[] {
  const customers = known(facts.customers);
  const run = known(facts.scoring)?.latest;
  if (customers?.source.kind === 'fallback') {
    const { since, reason } = customers.source;
    return [item('fallback', { at: since, reason })];
  }
  return [
    ...(run?.state === 'failed' ? [item('run', { at: run.finishedAt, reason: run.failure })] : []),
    ...(customers?.scoring.state === 'unfitted'
      ? [item('unfitted', { at: customers.scoring.at, reason: customers.scoring.reason })]
      : []),
  ];
}

function failedWorkbench(facts: OverviewFacts): OverviewItem<AttentionKind>[] {
  const request = known(facts.workbench);
  if (request?.state !== 'failed') return [];
  return [item('workbench', { at: request.updatedAt, reason: currentStep(request)?.reason ?? null })];
}

/** Of each dataset the newest extract counts. */
function failedExtracts(facts: OverviewFacts): OverviewItem<AttentionKind>[] {
  const extracts = known(facts.extracts) ?? [];
  return extracts
    .filter((one) => extracts.find(({ dataset }) => dataset === one.dataset) === one)
    .filter(({ state }) => state === 'failed')
    .map(({ requestId, finishedAt, dataset, reason }) =>
      item('extract', { at: finishedAt, subject: requestId, name: datasets[dataset].label, reason }),
    );
}

function failedTests(facts: OverviewFacts): OverviewItem<AttentionKind>[] {
  return endpointsOf(facts).flatMap((endpoint) => {
    const report = currentReport(endpoint);
    return report && !report.passed ? [item('test', { at: report.testedAt, subject: endpoint.name })] : [];
  });
}

/** `subject` is the share in percent that was reached. */
function spentBudget(facts: OverviewFacts): OverviewItem<AttentionKind>[] {
  const budget = known(facts.budget);
  if (!budget || budget.reached === null) return [];
  const reason = budget.brakes
    ? 'Apps are stopped, and new Studio sessions and extracts are refused.'
    : 'Nothing was stopped.';
  return [item('budget', { at: budget.measuredUntil, subject: `${budget.reached}`, reason })];
}

/** What is under way. */
export function workOf(facts: OverviewFacts): readonly OverviewItem<WorkKind>[] {
  const customers = known(facts.customers);
  const scoring = known(facts.scoring);
  const run = scoring && openRun(scoring);
  const workbench = known(facts.workbench);
  const computed = customers?.scoring.state;
  const isOpen = ({ state }: { readonly state: string }) => openExtractStates.some((each) => each === state);
  const orders = known(facts.orderImport);
  return [
    ...(orders && isImporting(orders)
      ? [item('import', { at: orders.startedAt, name: orders.startedBy })]
      : []),
    ...(workbench?.state === 'provisioning' ? [item('workbench', { at: workbench.requestedAt })] : []),
    ...(known(facts.extracts) ?? [])
      .filter(isOpen)
      .map(({ requestId, queuedAt, dataset }) =>
        item('extract', { at: queuedAt, subject: requestId, name: datasets[dataset].label }),
      ),
    ...endpointsOf(facts)
      .filter(isArriving)
      .map(({ name, changedAt }) => item('endpoint', { at: changedAt, subject: name })),
    ...(run ? [item('run', { at: run.askedAt, subject: `${run.version}` })] : []),
    ...((customers?.customers ?? 0) > 0 && (computed === 'none' || computed === 'stale')
      ? [item('scores')]
      : []),
  ];
}

/** The newest of each kind that finished, latest first. */
export function finishedOf(facts: OverviewFacts): readonly OverviewItem<FinishedKind>[] {
  const customers = known(facts.customers);
  const scored = customers?.scoring.state === 'scored' ? customers.scoring.scoredAt : null;
  const workbench = known(facts.workbench);
  const extract = known(facts.extracts)?.find(({ state }) => state === 'done');
  const [activation] = known(facts.model)?.activations ?? [];
  const reports = endpointsOf(facts).flatMap(({ report }) => (report?.passed ? [report] : []));
  const [tested] = reports.toSorted((a, b) => b.testedAt.getTime() - a.testedAt.getTime());
  const items: OverviewItem<FinishedKind>[] = [
    item('import', { at: customers?.importedAt ?? null }),
    item('workbench', { at: workbench?.state === 'ready' ? readyAt(workbench) : null }),
    item('scores', { at: scored }),
    ...(extract
      ? [
          item('extract', {
            at: extract.finishedAt,
            subject: extract.requestId,
            name: datasets[extract.dataset].label,
          }),
        ]
      : []),
    ...(tested ? [item('test', { at: tested.testedAt, subject: tested.endpointName })] : []),
    ...(activation
      ? [
          item('activation', {
            at: activation.at,
            subject: activation.version === null ? null : `${activation.version}`,
            name: activation.by,
          }),
        ]
      : []),
  ];
  const time = ({ at }: OverviewItem<FinishedKind>) => at?.getTime() ?? Number.NEGATIVE_INFINITY;
  return items.filter(({ at }) => at !== null).toSorted((a, b) => time(b) - time(a));
}

/** When the last step of a workbench ended. */
function readyAt({
  steps,
}: {
  readonly steps: readonly { readonly finishedAt: Date | null }[];
}): Date | null {
  return steps.at(-1)?.finishedAt ?? null;
}
