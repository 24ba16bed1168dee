'use client';

import { useLive } from '@/components/live/use-live';
import { useServerClock } from '@/components/use-server-clock';
import type { Progress } from './progress';
import { Timeline } from './timeline';

/** The timeline during setup, kept up to date. */
export function LiveTimeline({ initial }: { readonly initial: Progress }) {
  const { reading, polling } = useLive(initial, {
    href: '/workbench/status',
    pageHref: '/workbench',
    everyMs: 1500,
  });
  const now = useServerClock(reading.at, 1000);
  return (
    <>
      <Timeline steps={reading.steps} now={now} />
      {polling}
    </>
  );
}
