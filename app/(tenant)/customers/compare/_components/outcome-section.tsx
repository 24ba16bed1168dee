'use client';

import type { ReactNode } from 'react';
import { formatCount, formatMeasure, formatProbability, formatShare, formatUnits } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { Term } from '@/components/ui/term';
import type { Measures, Outcome } from '@/lib/domain/scoring/ports';

type Known = Extract<Outcome, { known: true }>;

/** Accuracy of both models where the actual outcome is known. */
export function OutcomeSection({ outcome }: { readonly outcome: Known }) {
  return (
    <section className="border border-line bg-plate px-4 py-3 sm:px-6">
      <h2 className="text-sm">Accuracy against actual outcomes</h2>
      <p className="mt-1 max-w-4xl text-sm text-muted">
        Both models scored {outcome.sampled < outcome.customers ? `${formatCount(outcome.sampled)} of ` : ''}
        {formatUnits(outcome.customers, 'customer')} as of the start of{' '}
        <Instant at={outcome.asOf} style="date" />. By the start of{' '}
        <Instant at={outcome.until} style="date" />, {formatCount(outcome.churned)} of them (
        {formatShare(outcome.churned / outcome.sampled)}) had not ordered again. The built-in model was fitted
        only on earlier data. If your model was trained on these 90 days, its figures will look better than
        they are.
      </p>
      <MeasureTable outcome={outcome} />
      {outcome.reason ? (
        <p className="mt-2 text-sm">The built-in model has no figures: {outcome.reason}</p>
      ) : null}
    </section>
  );
}

function MeasureTable({ outcome }: { readonly outcome: Known }) {
  const rate = outcome.churned / outcome.sampled;
  return (
    <table className="figures mt-3 w-full max-w-3xl text-sm">
      <caption className="sr-only">Built-in model and your model against actual outcomes</caption>
      <thead className="text-xs text-muted">
        <tr>
          <th scope="col" className="text-left font-medium">
            Measure
          </th>
          <th scope="col" className="pl-4 text-right font-medium">
            {' '}
            Built-in model{' '}
          </th>
          <th scope="col" className="pl-4 text-right font-medium">
            {' '}
            Your model{' '}
          </th>
          <th scope="col" className="pl-4 text-right font-medium">
            Baseline
          </th>
        </tr>
      </thead>
      <tbody>
        <Row
          name={<Term name="auc" />}
          meaning="Chance that a customer who churned ranks above one who stayed; higher is better"
          outcome={outcome}
          read={({ auc }) => (auc === null ? 'Not defined' : formatMeasure(auc))}
          baseline={formatMeasure(0.5)}
        />
        <Row
          name={<Term name="brier" />}
          meaning="Mean squared difference from the actual outcome; lower is better"
          outcome={outcome}
          read={({ brier }) => formatMeasure(brier)}
          baseline={formatMeasure(outcome.baseline)}
        />
        <Row
          name="Mean probability"
          meaning="Closer to the actual rate is better"
          outcome={outcome}
          read={({ mean }) => formatProbability(mean)}
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
  readonly name: ReactNode;
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
