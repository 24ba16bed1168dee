import Link from 'next/link';
import { bandFill, bandNames, bandOf } from '@/components/data/risk';
import { TenthMark, TenthsTable, tenthName } from '@/components/data/tenths';
import { formatCount, formatShare } from '@/components/format';
import { classNames } from '@/components/ui/class-names';
import type { CustomerOverview, RiskBand } from '@/lib/domain/crm/ports';
import { type CustomersView, viewHref } from '../view';

const bandSpans: readonly (readonly [RiskBand, string])[] = [
  ['low', 'col-span-4'],
  ['medium', 'col-span-3'],
  ['high', 'col-span-3'],
];

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
          <div key={tenthName(index)} title={`${tenthName(index)}: ${formatCount(count)} customers`}>
            <Bar count={count} most={most} band={bandOf(index / 10)} />
            <TenthMark index={index} />
          </div>
        ))}
      </div>
      <nav aria-label="Risk bands" className="grid grid-cols-10 border-t border-line">
        {bandSpans.map(([band, span]) => (
          <BandLink key={band} band={band} span={span} overview={overview} scored={scored} view={view} />
        ))}
      </nav>
      <TenthsTable
        caption="Customers by churn probability, in steps of 0.1"
        columns={[{ name: 'Customers', counts: overview.histogram }]}
      />
    </figure>
  );
}

function Bar({
  count,
  most,
  band,
}: {
  readonly count: number;
  readonly most: number;
  readonly band: RiskBand;
}) {
  const height = (count / most) * 96;
  return (
    <svg
      viewBox="0 0 20 100"
      preserveAspectRatio="none"
      aria-hidden="true"
      className="block h-24 w-full sm:h-32"
    >
      {/* Even a single customer is visible. */}
      {count > 0 ? (
        <rect
          x="1"
          width="18"
          y={98 - Math.max(height, 1)}
          height={Math.max(height, 1) + 1}
          className={bandFill[band]}
        />
      ) : null}
      <path d="M0 99.5H20M0.1 92V100" className="fill-none stroke-edge" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

function BandLink({
  band,
  span,
  overview,
  scored,
  view,
}: {
  readonly band: RiskBand;
  readonly span: string;
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
      className={classNames(
        span,
        'figures flex flex-col border-t-2 px-1 py-2 text-sm sm:flex-row sm:items-baseline sm:gap-2 sm:px-2',
        chosen ? 'border-mark bg-tint' : 'border-transparent hover:border-edge hover:bg-sunk',
      )}
    >
      <span className="font-medium">{bandNames[band]}</span>
      <span>{formatCount(count)}</span>
      <span className="text-xs text-muted">{scored > 0 ? formatShare(count / scored) : ''}</span>
    </Link>
  );
}
