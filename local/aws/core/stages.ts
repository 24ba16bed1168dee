import type { StandIn } from './service';

interface StageDocument {
  readonly kind: string;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly dueAt: string;
  readonly attempts: number;
  readonly payload: unknown;
}

/** What a stage does when it is due. A returned number runs the same stage again after that many ms. */
export type StageHandler<P> = (payload: P) => Promise<number | undefined>;

/** Asynchronous work of a service that a stop must not lose. */
export interface Stages<M extends object> {
  /** Durable once the promise resolves. Scheduling the same kind and id again replaces what was there. */
  schedule<K extends keyof M & string>(kind: K, id: string, delayMs: number, payload: M[K]): Promise<void>;
  /** True while that stage has yet to run to its end. */
  has(kind: keyof M & string, id: string): Promise<boolean>;
  /** Takes up every stage that an earlier run left. */
  start(): Promise<void>;
}

const longestBackoffMs = 30_000;

/**
 * Stages of one service, kept in `collection`. A stage runs at least once: handlers must be idempotent. A handler that
 * throws runs again, later each time.
 */
export function createStages<M extends object>(
  standIn: StandIn,
  collection: string,
  handlers: { readonly [K in keyof M & string]: StageHandler<M[K]> },
): Stages<M> {
  const handlerOf = (kind: string): StageHandler<unknown> | undefined =>
    Object.hasOwn(handlers, kind) ? (handlers as Record<string, StageHandler<unknown>>)[kind] : undefined;

  const arm = (key: string, dueAt: string): void => {
    standIn.later(Math.max(0, Date.parse(dueAt) - Date.now()), () => run(key, dueAt));
  };

  async function write(stage: Omit<StageDocument, 'dueAt'>, delayMs: number): Promise<void> {
    const key = `${stage.kind}/${stage.id}`;
    const dueAt = new Date(Date.now() + delayMs).toISOString();
    await standIn.state.put<StageDocument>(collection, key, { ...stage, dueAt });
    arm(key, dueAt);
  }

  async function run(key: string, dueAt: string): Promise<void> {
    const stage = await standIn.state.get<StageDocument>(collection, key);
    const handler = stage && handlerOf(stage.kind);
    if (!stage || !handler || stage.dueAt !== dueAt) return;
    try {
      const again = await handler(stage.payload);
      const now = await standIn.state.get<StageDocument>(collection, key);
      if (now?.dueAt !== dueAt) return;
      if (again !== undefined) await write({ ...stage, attempts: 0 }, again);
      else await standIn.state.delete(collection, key);
    } catch (error) {
      standIn.log.error(
        { err: error, stage: key, attempts: stage.attempts + 1 },
        'a stage failed and runs again',
      );
      const backoff = Math.min(longestBackoffMs, (standIn.stepMs + 10) * 2 ** stage.attempts);
      await write({ ...stage, attempts: stage.attempts + 1 }, backoff);
    }
  }

  return {
    schedule: (kind, id, delayMs, payload) => write({ kind, id, attempts: 0, payload }, delayMs),
    has: async (kind, id) => (await standIn.state.get(collection, `${kind}/${id}`)) !== undefined,
    async start() {
      for (const [key, stage] of await standIn.state.list<StageDocument>(collection)) arm(key, stage.dueAt);
    },
  };
}
