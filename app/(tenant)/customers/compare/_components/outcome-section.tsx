import { formatCount, formatMeasure, formatShare } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import type { Measures, Outcome } from '@/lib/domain/scoring/ports';

type Known = Extract<Outcome, { known: true }>;

/** How both fared where it is known what happened. */
export function OutcomeSection({ outcome }: { readonly outcome: Outcome }) {
  if (!outcome.known) {
    return (
      <Notice title="What happened is not known">
        <p>{outcome.reason}</p>
      </Notice>
    );
  }
  return (
    <section className="border border-line bg-plate px-4 py-3 sm:px-6">
      <h2 className="text-sm">Against what happened</h2>
      <p className="mt-1 max-w-4xl text-sm text-muted">
        Both were asked about {formatCount(outcome.sampled)}
        {outcome.sampled < outcome.customers ? ` of ${formatCount(outcome.customers)}` : ''} customers as they
        were when <Instant at={outcome.asOf} style="date" /> began. Before{' '}
        <Instant at={outcome.until} style="date" />, {formatCount(outcome.churned)} of them (
        {formatShare(outcome.churned / outcome.sampled)}) had not ordered again. The default was fitted on
        nothing that came later. If your model was trained on these 90 days, its figures flatter it.
      </p>
      <MeasureTable outcome={outcome} />
      {outcome.reason ? <p className="mt-2 text-sm">The default has no figures: {outcome.reason}</p> : null}
    </section>
  );
}

function MeasureTable({ outcome }: { readonly outcome: Known }) {
  const rate = outcome.churned / outcome.sampled;
  return (
    <table className="figures mt-3 w-full max-w-3xl text-sm">
      <caption className="sr-only">Default and model against what happened</caption>
      <thead className="text-xs text-muted">
        <tr>
          <th scope="col" className="text-left font-medium">
            Measure
          </th>
          <th scope="col" className="pl-4 text-right font-medium">
            Default
          </th>
          <th scope="col" className="pl-4 text-right font-medium">
            Model
          </th>
          <th scope="col" className="pl-4 text-right font-medium">
            Everybody’s rate
          </th>
        </tr>
      </thead>
      <tbody>
        <Row
          name="AUC"
          meaning="Chance that a customer who left was ranked above one who stayed; more is better"
          outcome={outcome}
          read={({ auc }) => (auc === null ? 'Not defined' : formatMeasure(auc))}
          baseline={formatMeasure(0.5)}
        />
        <Row
          name="Brier score"
          meaning="Mean squared difference from what happened; less is better"
          outcome={outcome}
          read={({ brier }) => formatMeasure(brier)}
          baseline={formatMeasure(outcome.baseline)}
        />
        <Row
          name="Mean probability"
          meaning="As near to the rate as can be"
          outcome={outcome}
          read={({ mean }) => formatShare(mean)}
          baseline={formatShare(rate)}
        />
      </tbody>
    </table>
  );
}

function Row({
  name,
  meaning,
  outcome,
  read,
  baseline,
}: {
  readonly name: string;
  readonly meaning: string;
  readonly outcome: Known;
  readonly read: (measures: Measures) => string;
  readonly baseline: string;
}) {
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-1.5 pr-4 text-left font-medium">
        {name}
        <span className="block text-xs font-normal text-muted">{meaning}</span>
      </th>
      <td className="pl-4 text-right">{outcome.default ? read(outcome.default) : 'None'}</td>
      <td className="pl-4 text-right">{read(outcome.model)}</td>
      <td className="pl-4 text-right text-muted">{baseline}</td>
    </tr>
  );
}
