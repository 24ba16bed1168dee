'use client';

import { formatAge } from '@/components/format';
import { LocalTime } from '@/components/ui/local-time';
import { useServerClock } from '@/components/use-server-clock';
import type { LiveView } from '../live-view';

/** The age of the metrics by the server's clock, and whether they are being refreshed. */
export function Age({ view, live }: { readonly view: LiveView; readonly live: boolean }) {
  const now = useServerClock(view.at, 15_000);
  const { metrics } = view;
  return (
    <div className="min-h-12 text-xs text-muted">
      {metrics.state === 'read' ? (
        <p>
          {metrics.figures.newest === null ? (
            'No data points'
          ) : (
            <>
              Newest data: period starting at <LocalTime at={isoOf(metrics.figures.newest)} />,{' '}
              {ageOf(metrics.figures.newest, metrics.figures.periodSeconds, now)}
            </>
          )}
          . Read from CloudWatch at <LocalTime at={metrics.readAt} style="second" />
          {live ? ', refreshed every minute' : ''}.
        </p>
      ) : null}
    </div>
  );
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

function ageOf(newest: number, periodSeconds: number, now: number): string {
  const end = newest + periodSeconds;
  return end * 1000 > now
    ? 'still in progress'
    : `which ended ${formatAge(new Date(end * 1000), new Date(now))}`;
}
