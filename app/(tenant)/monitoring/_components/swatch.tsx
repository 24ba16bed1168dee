import { classNames } from '@/components/ui/class-names';
import type { Line } from '../panels';
import { dashes } from './dashes';

/** A sample of a line in its drawn style. */
export function Swatch({ stroke }: { readonly stroke: Line['stroke'] }) {
  const bar = stroke === 'bar' || stroke === 'failed-bar';
  return (
    <svg viewBox="0 0 18 10" aria-hidden="true" className="h-2.5 w-4.5">
      {bar ? (
        <rect x="5" width="8" height="10" className={stroke === 'bar' ? 'fill-data' : 'fill-failed'} />
      ) : (
        <path
          d="M0 5H18"
          strokeDasharray={dashes[stroke].join(' ')}
          strokeWidth="2"
          className={classNames('fill-none', stroke === 'dotted' ? 'stroke-ink' : 'stroke-data')}
        />
      )}
    </svg>
  );
}
