import { formatShare, formatUsd } from '@/components/format';
import type { BudgetStanding } from '@/lib/domain/budget/budget';

/** How far the bar reaches, as a share of the budget. */
const fullAt = 1.25;
const width = 1000;
const xOf = (share: number): number => (Math.min(share, fullAt) / fullAt) * width;

const fills = { none: 'fill-data', 80: 'fill-warning', 100: 'fill-failed' } as const;

/** What was spent of the budget: a bar with marks at 80 and 100 %, and the same in words. Nothing without a budget. */
export function BudgetBar({ standing }: { readonly standing: BudgetStanding }) {
  const { spent, budget, reached } = standing;
  if (budget === null) return null;
  const share = spent / budget;
  return (
    <figure>
      <svg
        viewBox={`0 0 ${width} 24`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="block h-4 w-full border border-line bg-sunk"
      >
        <rect width={xOf(share)} height="24" className={fills[reached ?? 'none']} />
        {[0.8, 1].map((mark) => (
          <path
            key={mark}
            d={`M${xOf(mark)} 0V24`}
            strokeWidth="2"
            className="fill-none stroke-ink"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <div aria-hidden="true" className="figures relative h-5 text-[0.6875rem] text-muted">
        {[80, 100].map((mark) => (
          <span
            key={mark}
            className="absolute -translate-x-1/2"
            style={{ left: `${(xOf(mark / 100) / width) * 100}%` }}
          >
            {mark}%
          </span>
        ))}
      </div>
      <figcaption className="figures text-sm">
        {formatUsd(spent)} of {formatUsd(budget)} ({formatShare(share)})
      </figcaption>
    </figure>
  );
}
