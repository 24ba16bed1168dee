'use client';

import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Polled } from './poller';
import { tellInTitle } from './tab-title';
import { showToast } from './toasts';
import { usePoller } from './use-poller';
import { type EndedWork, onWatch, toTell, type WorkReading, watchedSince } from './watched-work';

/**
 * Tells when work ends that a page saw under way, whatever page is shown by then: as a toast, unless the page shows the work itself,
 * and in the title of a tab that nobody looks at. Asks `href` while such work is under way, in hidden tabs too.
 */
export function WorkWatch({ href }: { readonly href: string }) {
  const since = useSyncExternalStore(onWatch, watchedSince, () => null);
  const [Polls] = usePoller(since !== null);
  const initial = useMemo(
    (): WorkReading => ({ at: since ?? '', underWay: true, mark: '', words: '', ended: [] }),
    [since],
  );
  const onPolled = useCallback(({ reading }: Polled<WorkReading>) => {
    for (const work of toTell(reading)) tell(work);
  }, []);
  if (since === null || !Polls) return null;
  return <Polls initial={initial} href={href} everyMs={5000} whileHidden onPolled={onPolled} />;
}

function tell(work: EndedWork): void {
  tellInTitle(`${work.tone === 'done' ? '✓' : '✕'} ${work.words}`);
  if (new URL(work.href, window.location.href).pathname !== window.location.pathname) showToast(work);
}
