'use client';

import Link from 'next/link';
import { bandFill } from '@/components/data/risk';
import { TenthBar, TenthBars, TenthMark, TenthsTable, tenthName } from '@/components/data/tenths';
import { formatCount, formatShare, formatUnits } from '@/components/format';
import { classNames } from '@/components/ui/class-names';
import type { CustomerOverview } from '@/lib/domain/crm/ports';
import { bandLimits, bandNames, bandOf, type RiskBand, riskBands } from '@/lib/domain/crm/risk-bands';
import { type CustomersView, viewHref } from '../view';

/** How many tenths of the probability a band takes. */
const tenthsOf = (band: RiskBand): number =>
  Math.round(((bandLimits[band].before ?? 1) - (bandLimits[band].from ?? 0)) * 10);

/** Customers by risk in steps of 0.1. Each band below links to the list of that band. */
export function RiskDistribution({
  overview,
  view,
}: {
  readonly overview: CustomerOverview;
  readonly view: CustomersView;
}) {
  const most = Math.max(1, ...overview.histogram);
  const scored = overview.histogram.reduce((sum, count) => sum + count, 0);
  return (
    <figure className="border border-line bg-plate px-4 pt-3 sm:px-6">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-6">
        <h2 className="text-sm">Risk of no order in the next 90 days</h2>
        <span className="figures text-xs text-muted">
          {formatCount(scored)} scored
          {scored < overview.customers ? `, ${formatCount(overview.customers - scored)} not scored yet` : ''}
        </span>
      </figcaption>
      <div className="mt-4 grid grid-cols-10" aria-hidden="true">
        {overview.histogram.map((count, index) => (
          <div key={tenthName(index)} title={`${tenthName(index)}: ${formatUnits(count, 'customer')}`}>
            <TenthBars>
              <TenthBar share={count / most} x={1} width={18} className={bandFill[bandOf(index / 10)]} />
            </TenthBars>
            <TenthMark index={index} />
          </div>
        ))}
      </div>
      <nav aria-label="Risk bands" className="grid grid-cols-10 border-t border-line">
        {riskBands.toReversed().map((band) => (
          <BandLink key={band} band={band} overview={overview} scored={scored} view={view} />
        ))}
      </nav>
      <TenthsTable
        caption="Customers by churn probability, in steps of 0.1"
        columns={[{ name: 'Customers', counts: overview.histogram }]}
      />
    </figure>
  );
}

function BandLink({
  band,
  overview,
  scored,
  view,
}: {
  readonly band: RiskBand;
  readonly overview: CustomerOverview;
  readonly scored: number;
  readonly view: CustomersView;
}) {
  const chosen = view.band === band;
  const count = overview.bands[band];
  return (
    <Link
      href={viewHref({ ...view, cursor: undefined, band: chosen ? undefined : band })}
      prefetch={false}
      scroll={false}
      aria-current={chosen ? 'true' : undefined}
      style={{ gridColumn: `span ${tenthsOf(band)}` }}
      className={classNames(
        'figures flex flex-col border-t-2 px-1 py-2 text-sm sm:flex-row sm:items-baseline sm:gap-2 sm:px-2',
        chosen ? 'border-mark bg-sunk' : 'border-transparent hover:border-edge hover:bg-sunk',
      )}
    >
      <span className="font-medium">{bandNames[band]}</span>
      <span>{formatCount(count)}</span>
      <span className="text-xs text-muted">{scored > 0 ? formatShare(count / scored) : ''}</span>
    </Link>
  );
}
