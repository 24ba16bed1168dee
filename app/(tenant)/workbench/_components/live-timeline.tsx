'use client';

import { lazy, Suspense, useEffect, useState } from 'react';
import type { Progress } from './progress';
import { Timeline } from './timeline';

const PolledTimeline = lazy(() => import('./polled-timeline'));

/** The timeline as the server sent it, then refreshed. The polling code is loaded only where needed. */
export function LiveTimeline({ initial }: { readonly initial: Progress }) {
  const [live, setLive] = useState(false);
  useEffect(() => setLive(true), []);
  const still = (
    <>
      <Timeline steps={initial.steps} now={Date.parse(initial.at)} />
      <p className="min-h-6" />
    </>
  );
  if (!live) return still;
  return (
    <Suspense fallback={still}>
      <PolledTimeline initial={initial} />
    </Suspense>
  );
}
