/** Thrown where a process is killed in the middle of a call. */
export class Crash extends Error {}

/** Kills the process at call number `at` of a port, before or after the call takes effect. Counts calls in `calls`. */
export interface Killer {
  calls: number;
  readonly at: number;
  readonly when: 'before' | 'after';
  /**
   * Every later call fails too, because the process does several things at once. Otherwise later calls come from a new process.
   */
  readonly forGood?: true;
}

/** `port`, whose calls the current killer may interrupt. */
export function watched<T extends object>(port: T, killer: () => Killer | null): T {
  return new Proxy(port, {
    get: (target, name, receiver) => {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        const present = killer();
        const dies = present !== null && ++present.calls === present.at;
        if (present?.forGood && present.calls > present.at) throw new Crash(String(name));
        if (dies && present.when === 'before') throw new Crash(String(name));
        const result: unknown = await method.apply(target, args);
        if (dies) throw new Crash(String(name));
        return result;
      };
    },
  });
}

/** Runs `work`; a crash ends it silently, as it would end a process. Returns whether `work` finished. */
export async function survive(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Crash) return false;
    throw error;
  }
}
