'use client';

import { useLive } from '@/components/live/use-live';
import type { LiveView } from '../live-view';
import { Age } from './age';
import { Notices } from './notices';
import { PanelsGrid } from './panels-grid';

/** CloudWatch publishes a new data point once per minute. */
const everyMs = 60_000;

/** The view as the server sent it, then refreshed. */
export function LiveMonitoring({
  initial,
  dataHref,
  pageHref,
}: {
  readonly initial: LiveView;
  /** URL of the newest view. */
  readonly dataHref: string;
  readonly pageHref: string;
}) {
  const { reading, again, polling } = useLive(initial, { href: dataHref, pageHref, everyMs });
  return (
    <div className="space-y-6">
      <Notices view={reading} pageHref={pageHref} retry={again} />
      <PanelsGrid view={reading} />
      <Age view={reading} live={again !== null} />
      {polling}
    </div>
  );
}
