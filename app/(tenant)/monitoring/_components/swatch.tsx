import { classNames } from '@/components/ui/class-names';
import type { Look } from '../panels';
import { looks } from './looks';

/** A sample of a line as it is drawn. */
export function Swatch({ look }: { readonly look: Look }) {
  const drawn = looks[look];
  return (
    <svg viewBox="0 0 18 10" aria-hidden="true" className="h-2.5 w-4.5 shrink-0">
      {drawn.shape === 'bar' ? (
        <rect x="5" width="8" height="10" className={drawn.paint} />
      ) : (
        <path
          d="M0 5H18"
          strokeDasharray={drawn.dash}
          strokeWidth="2"
          className={classNames('fill-none', drawn.paint)}
        />
      )}
    </svg>
  );
}
