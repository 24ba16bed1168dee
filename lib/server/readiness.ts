import { readinessChecks } from '@/lib/deps';
import { outages } from '@/lib/log';
import { memoOne } from '@/lib/memo';
import { within } from '@/lib/within';

const answerMs = 3_000;
/** The parts whose outages have another name in the log. */
const dependencyOf: Readonly<Record<string, string>> = { queue: 'SQS', requests: 'DynamoDB' };

export interface Readiness {
  readonly ready: boolean;
  /** Which parts respond; only the log says why one does not, once per outage. */
  readonly parts: Readonly<Record<string, 'ok' | 'failed'>>;
}

/** Whether every store that the portal requires responds within three seconds. */
export async function readiness(
  checks: Readonly<Record<string, () => Promise<unknown>>> = readinessChecks,
  withinMs = answerMs,
): Promise<Readiness> {
  const parts = await Promise.all(
    Object.entries(checks).map(async ([part, check]) => {
      try {
        await outages.watch(
          dependencyOf[part] ?? part,
          () => true,
          () => within(withinMs, check()),
        );
        return [part, 'ok'] as const;
      } catch {
        return [part, 'failed'] as const;
      }
    }),
  );
  return { ready: parts.every(([, state]) => state === 'ok'), parts: Object.fromEntries(parts) };
}

const sharedMs = 2_000;

/**
 * As `readiness`, but checks the stores at most once per two seconds for all callers: the route is public, and
 * requests to it must not cause more work than they cost.
 */
export const sharedReadiness = memoOne(
  () => readiness(),
  () => Date.now() + sharedMs,
);
