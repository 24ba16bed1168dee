const free = 5;
const longestMs = 15 * 60_000;
const remembered = 10_000;

/** Slows down who guesses passwords. */
export interface Attempts {
  /** Milliseconds that `name` still has to wait; 0 when it may try. */
  wait(name: string): number;
  failed(name: string): void;
  succeeded(name: string): void;
}

/**
 * Cognito's lockout: five failures are free, then the wait is one second and doubles with each further failure, up to
 * fifteen minutes; it forgets after fifteen minutes. It goes by the name that was typed, so it tells nothing about whether
 * a user of that name exists. Source: "Lockout behavior for failed sign-in attempts", Amazon Cognito Developer Guide.
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
