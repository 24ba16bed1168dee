const free = 5;
const longestMs = 15 * 60_000;
const remembered = 10_000;

/** Slows down password guessing. */
export interface Attempts {
  /** Milliseconds until `name` may try again; 0 when it may try now. */
  wait(name: string): number;
  failed(name: string): void;
  succeeded(name: string): void;
}

/**
 * Cognito's lockout. Five failures are free. Then the wait is one second, and each further failure doubles it, up to
 * fifteen minutes. Failures are forgotten after fifteen minutes. The name that was typed is what counts, so the wait
 * does not reveal whether such a user exists. Source: "Lockout behavior for failed sign-in attempts", Amazon Cognito
 * Developer Guide.
 */
export function createAttempts(now: () => number = Date.now): Attempts {
  const failures = new Map<string, { count: number; at: number }>();
  const current = (name: string) => {
    const entry = failures.get(name);
    return entry && now() - entry.at < longestMs ? entry : undefined;
  };
  return {
    wait(name) {
      const entry = current(name);
      if (!entry || entry.count < free) return 0;
      const lockMs = Math.min(1000 * 2 ** (entry.count - free), longestMs);
      return Math.max(0, entry.at + lockMs - now());
    },
    failed(name) {
      const count = (current(name)?.count ?? 0) + 1;
      failures.delete(name);
      failures.set(name, { count, at: now() });
      const oldest = failures.keys().next();
      if (failures.size > remembered && !oldest.done) failures.delete(oldest.value);
    },
    succeeded(name) {
      failures.delete(name);
    },
  };
}
