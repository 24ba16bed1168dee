'use client';

import { formatAge } from '@/components/format';
import { LocalTime } from '@/components/ui/local-time';
import { useServerClock } from '@/components/use-server-clock';
import type { LiveView } from '../live-view';

/** How old the figures are, counted on from the server's clock, and whether they are being refreshed. */
export function Freshness({
  view,
  live,
  stale,
}: {
  readonly view: LiveView;
  readonly live: boolean;
  readonly stale: boolean;
}) {
  const now = useServerClock(view.at, 15_000);
  const { metrics } = view;
  return (
    <div className="min-h-12 text-xs text-muted">
      {metrics.state === 'read' ? (
        <p>
          {metrics.figures.newest === null ? (
            'No data point'
          ) : (
            <>
              Newest data: period of <LocalTime at={isoOf(metrics.figures.newest)} />,{' '}
              {ageOf(metrics.figures.newest, metrics.figures.periodSeconds, now)}
            </>
          )}
          . Read from CloudWatch at <LocalTime at={metrics.readAt} style="second" />
          {live ? ', and again every minute' : ''}.
        </p>
      ) : null}
      <p role="status">{stale ? 'The figures could not be refreshed. Trying again.' : ''}</p>
    </div>
  );
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

function ageOf(newest: number, periodSeconds: number, now: number): string {
  const end = newest + periodSeconds;
  return end * 1000 > now
    ? 'still under way'
    : `which ended ${formatAge(new Date(end * 1000), new Date(now))}`;
}
