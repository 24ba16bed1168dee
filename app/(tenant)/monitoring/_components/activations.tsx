import { rounded } from '@/components/chart/scale';
import { LocalTime } from '@/components/ui/local-time';
import type { LiveView } from '../live-view';

export type Activated = LiveView['activations'][number];

/** How close to the next mark, in percent of the drawing, a mark has no room for its label. */
const room = 9;

/** Marks of what became active, on the time axis of a chart. The list below the charts says the same. */
export function Activations({
  activations,
  from,
  to,
}: {
  readonly activations: readonly Activated[];
  readonly from: number;
  readonly to: number;
}) {
  const x = (at: number) => rounded(((at - from) / (to - from)) * 100);
  const within = activations.filter(({ at }) => at >= from && at < to);
  return within.map(({ version, at }, index) => {
    const newer = within[index - 1];
    const label = !newer || x(newer.at) - x(at) > room;
    return (
      <div
        key={at}
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 border-l border-edge"
        style={{ left: `${x(at)}%` }}
      >
        {label ? (
          <span
            className="absolute -top-0.5 border border-edge bg-plate px-1 text-[0.6875rem] leading-tight text-ink"
            style={x(at) > 90 ? { right: 0 } : { left: '-1px' }}
          >
            {version === null ? 'built-in' : `v${version}`}
          </span>
        ) : null}
      </div>
    );
  });
}

/** What became active in the time that the charts show, newest first. */
export function ActivationList({ activations }: { readonly activations: readonly Activated[] }) {
  if (activations.length === 0) return null;
  return (
    <section aria-label="Activations">
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {activations.map(({ version, at }) => (
          <li key={at} className="flex items-center gap-2">
            <span aria-hidden="true" className="h-3 border-l border-edge" />
            <span>
              {version === null ? 'Built-in model' : `Version ${version}`} activated{' '}
              <LocalTime at={new Date(at * 1000).toISOString()} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
