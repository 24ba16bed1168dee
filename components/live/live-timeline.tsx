'use client';

import { Timeline, type TimelineReading } from '../data/timeline';
import { useServerClock } from '../use-server-clock';
import { useLive } from './use-live';

/** A timeline while its work goes on, kept up to date. `href` answers a `TimelineReading`. */
export function LiveTimeline({
  initial,
  href,
  pageHref,
}: {
  readonly initial: TimelineReading;
  readonly href: string;
  readonly pageHref: string;
}) {
  const { reading, polling } = useLive(initial, { href, pageHref, everyMs: 1500 });
  const now = useServerClock(reading.at, 1000);
  return (
    <>
      <Timeline steps={reading.steps} now={now} />
      {polling}
    </>
  );
}
