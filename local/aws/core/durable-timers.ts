import type { StandIn } from './service';

interface TimerDocument {
  readonly kind: string;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly dueAt: string;
  readonly attempts: number;
  readonly payload: unknown;
}

/** What happens when a timer is due. A returned number makes the same timer due again after that many ms. */
export type TimerHandler<P> = (payload: P) => Promise<number | undefined>;

/** Timers of a service that outlive the process. */
export interface DurableTimers<M extends object> {
  /** On disk once the promise resolves. Scheduling the same kind and id again replaces what was there. */
  schedule<K extends keyof M & string>(kind: K, id: string, delayMs: number, payload: M[K]): Promise<void>;
  /** True until the timer's handler has run to its end. */
  has(kind: keyof M & string, id: string): Promise<boolean>;
  /** Sets every timer that an earlier process left. */
  start(): Promise<void>;
}

const longestBackoffMs = 30_000;

/**
 * Makes the durable timers of one service, kept in `collection`. A handler runs at least once, so it must be
 * idempotent. One that throws runs again, with longer and longer pauses.
 */
export function createDurableTimers<M extends object>(
  standIn: StandIn,
  collection: string,
  handlers: { readonly [K in keyof M & string]: TimerHandler<M[K]> },
): DurableTimers<M> {
  const handlerOf = (kind: string): TimerHandler<unknown> | undefined =>
    Object.hasOwn(handlers, kind) ? (handlers as Record<string, TimerHandler<unknown>>)[kind] : undefined;

  const arm = (key: string, dueAt: string): void => {
    standIn.later(Math.max(0, Date.parse(dueAt) - Date.now()), () => run(key, dueAt));
  };

  async function write(timer: Omit<TimerDocument, 'dueAt'>, delayMs: number): Promise<void> {
    const key = `${timer.kind}/${timer.id}`;
    const dueAt = new Date(Date.now() + delayMs).toISOString();
    await standIn.state.put<TimerDocument>(collection, key, { ...timer, dueAt });
    arm(key, dueAt);
  }

  async function run(key: string, dueAt: string): Promise<void> {
    const timer = await standIn.state.get<TimerDocument>(collection, key);
    const handler = timer && handlerOf(timer.kind);
    if (!timer || !handler || timer.dueAt !== dueAt) return;
    try {
      const again = await handler(timer.payload);
      const now = await standIn.state.get<TimerDocument>(collection, key);
      if (now?.dueAt !== dueAt) return;
      if (again !== undefined) await write({ ...timer, attempts: 0 }, again);
      else await standIn.state.delete(collection, key);
    } catch (error) {
      standIn.log.error(
        { err: error, timer: key, attempts: timer.attempts + 1 },
        'A durable timer failed and runs again later.',
      );
      const backoff = Math.min(longestBackoffMs, (standIn.stepMs + 10) * 2 ** timer.attempts);
      await write({ ...timer, attempts: timer.attempts + 1 }, backoff);
    }
  }

  return {
    schedule: (kind, id, delayMs, payload) => write({ kind, id, attempts: 0, payload }, delayMs),
    has: async (kind, id) => (await standIn.state.get(collection, `${kind}/${id}`)) !== undefined,
    async start() {
      for (const [key, timer] of await standIn.state.list<TimerDocument>(collection)) arm(key, timer.dueAt);
    },
  };
}
