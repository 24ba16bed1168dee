import { bandNames, bandOf, type RiskBand } from '@/lib/domain/crm/risk-bands';
import { formatProbability } from '../format';
import { classNames } from '../ui/class-names';

/** Fill of a band's marks: one hue, stronger with higher risk. The band's name is always next to it. */
export const bandFill: Readonly<Record<RiskBand, string>> = {
  high: 'fill-risk-high',
  medium: 'fill-risk-medium',
  low: 'fill-risk-low',
};

/** A churn probability in a row: a scale, the figure and the band's name. */
export function RiskReading({ probability }: { readonly probability: number }) {
  const band = bandOf(probability);
  return (
    <span className="inline-flex items-center gap-3">
      <RiskRule probability={probability} className="h-2.5 w-20 min-w-4 xl:w-32" />
      <span className="figures w-13 shrink-0 text-right">{formatProbability(probability)}</span>
      <span
        className={classNames(
          'w-14 shrink-0 text-left text-xs',
          band === 'high' ? 'font-semibold text-ink' : 'text-muted',
        )}
      >
        {bandNames[band]}
      </span>
    </span>
  );
}

/** A scale from 0 to 1 with the band limits marked, filled up to `probability`. */
export function RiskRule({
  probability,
  className,
}: {
  readonly probability: number;
  readonly className: string;
}) {
  return (
    <svg
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      aria-hidden="true"
      className={classNames('gauge', className)}
    >
      <rect
        width={Math.round(probability * 1000) / 10}
        height="10"
        className={bandFill[bandOf(probability)]}
      />
    </svg>
  );
}
