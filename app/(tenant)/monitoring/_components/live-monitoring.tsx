'use client';

import { useRouter } from 'next/navigation';
import { lazy, Suspense, useEffect, useState } from 'react';
import { whenIdle } from '@/components/when-idle';
import type { LiveView } from '../live-view';
import { Freshness } from './freshness';
import { Notices } from './notices';
import { PanelsGrid } from './panels-grid';
import type { Refreshed } from './poller';

const Poller = lazy(() => import('./poller'));

/** The view as the server sent it, then refreshed. The polling code is loaded after the page. */
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
  const router = useRouter();
  const [live, setLive] = useState(false);
  const [{ view, stale, retry }, setRefreshed] = useState<Refreshed>({
    view: initial,
    stale: false,
    retry: null,
  });
  useEffect(() => whenIdle(() => setLive(true)), []);
  const shown = view ?? initial;
  useEffect(() => {
    // No endpoint is left to show; reloading the page explains the state.
    if (!view) router.refresh();
  }, [view, router]);
  return (
    <div className="space-y-6">
      <Notices view={shown} pageHref={pageHref} retry={retry} />
      <PanelsGrid view={shown} />
      <Freshness view={shown} live={live} stale={stale} />
      {live ? (
        <Suspense fallback={null}>
          <Poller initial={initial} dataHref={dataHref} onRefreshed={setRefreshed} />
        </Suspense>
      ) : null}
    </div>
  );
}
