import type { Progress } from './progress';

/** An answer that asking again does not change: signed out, no right to it any more, or no workbench. */
export class Refused extends Error {}

const refusals = new Set([401, 403, 404]);

/** How far the workbench is now. Throws `Refused`, or another error for what may pass. */
export async function readProgress({ signal }: { readonly signal: AbortSignal }): Promise<Progress> {
  const response = await fetch('/workbench/status', { signal, headers: { accept: 'application/json' } });
  if (refusals.has(response.status)) throw new Refused(`status ${response.status}`);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

const pollMs = 1500;

/** Milliseconds until the next reading after one that left `error` and so many failures; false: no more. */
export function nextReading(error: unknown, failures: number): number | false {
  if (error instanceof Refused) return false;
  return failures > 0 ? pollMs * 4 : pollMs;
}

/** Whether a reading that failed with `error` is tried again. */
export function triesAgain(error: unknown): boolean {
  return !(error instanceof Refused);
}

/** Milliseconds until the n-th try again. */
export function retryDelay(attempt: number): number {
  return Math.min(pollMs * 2 ** attempt, 30_000);
}
