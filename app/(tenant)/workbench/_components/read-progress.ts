import type { Progress } from './progress';

/** An answer that repeating does not change: signed out, no longer permitted, or no workbench. */
export class Refused extends Error {}

const refusals = new Set([401, 403, 404]);

/** The current progress of the workbench. Throws `Refused`, or another error for temporary failures. */
export async function readProgress({ signal }: { readonly signal: AbortSignal }): Promise<Progress> {
  const response = await fetch('/workbench/status', { signal, headers: { accept: 'application/json' } });
  if (refusals.has(response.status)) throw new Refused(`status ${response.status}`);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

const pollMs = 1500;

/**
 * Milliseconds until the next reading, given the last `error` and the number of failures; false stops polling.
 */
export function nextReading(error: unknown, failures: number): number | false {
  if (error instanceof Refused) return false;
  return failures > 0 ? pollMs * 4 : pollMs;
}

/** Whether to retry a reading that failed with `error`. */
export function triesAgain(error: unknown): boolean {
  return !(error instanceof Refused);
}

/** Milliseconds until the n-th retry. */
export function retryDelay(attempt: number): number {
  return Math.min(pollMs * 2 ** attempt, 30_000);
}
