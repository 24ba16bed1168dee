'use client';

import { formatProbability } from '@/components/format';
import { Term } from '@/components/ui/term';
import type { Comparison } from '@/lib/domain/scoring/ports';

/** The probability below which each share of customers falls, for both models. */
export function QuantileTable({ quantiles }: { readonly quantiles: Comparison['quantiles'] }) {
  return (
    <section className="border border-line bg-plate px-4 py-3 sm:px-6">
      <h2 className="text-sm">
        <Term name="quantile">Quantiles</Term>
      </h2>
      <table className="figures mt-3 w-full text-sm">
        <caption className="sr-only">Probability below which each share of customers falls</caption>
        <thead className="text-xs text-muted">
          <tr>
            <th scope="col" className="text-left font-medium">
              Share of customers
            </th>
            <th scope="col" className="text-right font-medium">
              {' '}
              Built-in model{' '}
            </th>
            <th scope="col" className="text-right font-medium">
              {' '}
              Your model{' '}
            </th>
          </tr>
        </thead>
        <tbody>
          {quantiles.map(({ share, default: ofDefault, model }) => (
            <tr key={share} className="border-t border-line">
              <th scope="row" className="py-1 text-left font-normal">
                {share * 100}%
              </th>
              <td className="text-right">{formatProbability(ofDefault)}</td>
              <td className="text-right">{formatProbability(model)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
