import { problemIn } from '../problem';

/** What every poll answers: the state of a page's work as JSON values. */
export interface Reading {
  /** The server's clock at the time of the reading, ISO 8601. */
  readonly at: string;
  /** Work is under way, so that another reading follows. */
  readonly underWay: boolean;
  /** Stands for what the server rendered from the state. Another mark: the page is rendered again, in place. */
  readonly mark: string;
  /** The state in the page's own words, for screen readers. */
  readonly words: string;
}

/** An answer that repeating does not change: signed out, no longer permitted, or nothing there to read. */
export class Refused extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const refusals = new Set([401, 403, 404, 409]);

/** The JSON at `href`. Throws `Refused` with the reason that the answer gives, or another error for temporary failures. */
export async function readJson<T>(href: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(href, { signal, headers: { accept: 'application/json' } });
  if (refusals.has(response.status)) throw new Refused(response.status, (await problemOf(response)).message);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

const problemOf = async (response: Response) => problemIn(await response.json().catch(() => null));

interface LastReading {
  readonly data?: Reading | undefined;
  readonly error: unknown;
  readonly fetchFailureCount: number;
}

/** Whether another reading can say something new: work is under way, and the last reading was not refused. */
export const readsOn = ({ data, error }: Pick<LastReading, 'data' | 'error'>): boolean =>
  data?.underWay === true && !(error instanceof Refused);

/** Milliseconds until the next reading; false stops polling. After a failure the pause is longer. */
export function nextReading(last: LastReading, everyMs: number): number | false {
  if (!readsOn(last)) return false;
  return last.fetchFailureCount > 0 ? everyMs * 4 : everyMs;
}

/** Whether to retry a reading that failed with `error`. */
export const triesAgain = (error: unknown): boolean => !(error instanceof Refused);

/** Milliseconds until retry `attempt`, which counts from 0. */
export const retryDelay = (attempt: number, everyMs: number): number =>
  Math.min(everyMs * 2 ** attempt, Math.max(everyMs, 30_000));
