'use client';

import { useLive } from '@/components/live/use-live';
import type { LiveView } from '../live-view';
import { spanInWords } from '../panels';
import { type MonitoringView, viewHref } from '../view';
import { Age } from './age';
import { CallersTable } from './callers-table';
import { Notices } from './notices';
import { PanelsGrid } from './panels-grid';

/** CloudWatch publishes a new data point once per minute. */
const everyMs = 60_000;

/** The view as the server sent it, then refreshed. */
export function LiveMonitoring({
  initial,
  address,
}: {
  readonly initial: LiveView;
  readonly address: MonitoringView;
}) {
  const pageHref = viewHref(address);
  const live = useLive(initial, { href: viewHref(address, '/monitoring/data'), pageHref, everyMs });
  const { again, polling } = live;
  // Without an endpoint to show, a reading has no metrics, and another mark: the server renders the page again.
  const reading = 'metrics' in live.reading ? live.reading : initial;
  return (
    <div className="space-y-6">
      <Notices view={reading} pageHref={pageHref} retry={again} />
      {reading.metrics.state === 'read' ? (
        <CallersTable figures={reading.metrics.figures} span={spanInWords(reading)} />
      ) : null}
      <PanelsGrid view={reading} address={address} />
      <Age view={reading} live={again !== null && reading.underWay} />
      {polling}
    </div>
  );
}
