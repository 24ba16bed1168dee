'use client';

import { useSyncExternalStore } from 'react';

interface Announcement {
  readonly words: string;
  /** Makes the same words new when they are said again. */
  readonly count: number;
}

const silence: Announcement = { words: '', count: 0 };
let current = silence;
const listeners = new Set<() => void>();

/** Has screen readers say `words` once they have finished what they say. */
export function announce(words: string): void {
  if (words === '') return;
  current = { words, count: current.count + 1 };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The live region for `announce`. It outlives what the page shows, so that a change of content does not silence it. */
export function Announcer() {
  const { words, count } = useSyncExternalStore(
    subscribe,
    () => current,
    () => silence,
  );
  return (
    <div role="status" aria-label="Announcements" className="sr-only">
      <span key={count}>{words}</span>
    </div>
  );
}
