'use client';

import type { Reading } from './reading';
import { useLive } from './use-live';

/** Keeps a page up to date that shows nothing of the reading itself: the server renders it again when the mark changes. */
export function LiveRefresh({
  initial,
  href,
  pageHref,
  everyMs,
}: {
  readonly initial: Reading;
  readonly href: string;
  readonly pageHref: string;
  readonly everyMs?: number;
}) {
  return useLive(initial, { href, pageHref, ...(everyMs === undefined ? {} : { everyMs }) }).polling;
}
