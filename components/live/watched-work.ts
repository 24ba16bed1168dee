import type { Reading } from './reading';

/** Something that ended, well or not. */
export interface EndedWork {
  readonly tone: 'done' | 'failed';
  readonly words: string;
  /** Where it is to be seen. */
  readonly href: string;
  /** ISO 8601 */
  readonly at: string;
}

/** What is under way for the reader's tenant, and what ended last. */
export interface WorkReading extends Reading {
  readonly ended: readonly EndedWork[];
}

interface Watch {
  /** ISO 8601, by the server's clock. */
  readonly since: string;
  /** What ended since and was told. */
  readonly told: readonly string[];
}

/** The work of `reading` that ended after `since` and was not told, the earliest first. */
export const newlyEnded = (
  { ended }: Pick<WorkReading, 'ended'>,
  { since, told }: Watch,
): readonly EndedWork[] =>
  ended
    .filter((work) => Date.parse(work.at) > Date.parse(since) && !told.includes(workKey(work)))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));

export const workKey = ({ words, at }: EndedWork): string => `${at} ${words}`;

/** Of this tab, across page loads. */
const key = 'annex-watched-work';
const listeners = new Set<() => void>();
const changed = () => {
  for (const listener of listeners) listener();
};

const stored = (): Watch | null => JSON.parse(sessionStorage.getItem(key) ?? 'null') as Watch | null;
const store = (watch: Watch) => sessionStorage.setItem(key, JSON.stringify(watch));

/**
 * A page saw work under way at `at`, ISO 8601 by the server's clock. Until that ended, also on other pages and after a page load,
 * the shell looks for what ended after it.
 */
export function watchWork(at: string): void {
  if (stored()) return;
  store({ since: at, told: [] });
  changed();
}

/** Since when work is watched, ISO 8601; null: none is. */
export const watchedSince = (): string | null => stored()?.since ?? null;

/** What `reading` has to tell of the watched work; each is given once. Without work under way, the watch is over. */
export function toTell(reading: WorkReading): readonly EndedWork[] {
  const watch = stored();
  if (watch === null) return [];
  const ended = newlyEnded(reading, watch);
  if (reading.underWay) store({ ...watch, told: [...watch.told, ...ended.map(workKey)] });
  else {
    sessionStorage.removeItem(key);
    changed();
  }
  return ended;
}

/** For `useSyncExternalStore`. */
export function onWatch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
