/** What a process leaves behind that is killed in the middle of a call. */
export class Crash extends Error {}

/** Kills the process at its call number `at` of a port, before or after the call took effect. Counts on. */
export interface Killer {
  calls: number;
  readonly at: number;
  readonly when: 'before' | 'after';
  /** Every later call fails too, because the process does several things at once. Else the calls after it are a new process's. */
  readonly forGood?: true;
}

/** `port` as a process calls it that the killer of the moment may kill. */
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

/** Runs `work`; a crash ends it, as it ends a process, without a word. Returns whether it came to its end. */
export async function survive(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Crash) return false;
    throw error;
  }
}
