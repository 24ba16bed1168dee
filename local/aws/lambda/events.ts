import { createBackgroundTasks } from '../core/background-tasks';
import type { StandIn } from '../core/service';
import type { Outcome } from './invoke';
import type { FunctionRecord, FunctionStore } from './record';

interface QueuedEvent {
  readonly accountId: string;
  readonly name: string;
  readonly requestId: string;
  /** Base64. */
  readonly payload: string;
  readonly attempts: number;
  /** Ms since the epoch. */
  readonly queuedAt: number;
  readonly dueAt: number;
}

/** Invocations of the type `Event`: on disk until they succeed or are given up. */
export interface EventQueue {
  send(fn: FunctionRecord, requestId: string, payload: Buffer): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const collection = 'lambda.events';
/** Lambda tries twice more, after one minute and after two. */
const retryDelaysMs = [60_000, 120_000];
const throttledDelayMs = 1000;
const maxAgeMs = 6 * 3600_000;

export function createEventQueue(
  standIn: StandIn,
  functions: FunctionStore,
  invoke: (fn: FunctionRecord, requestId: string, payload: Buffer) => Promise<Outcome>,
): EventQueue {
  const tasks = createBackgroundTasks(standIn.log);
  const arm = (event: QueuedEvent): void =>
    standIn.later(Math.max(0, event.dueAt - Date.now()), async () =>
      tasks.begin(event.requestId, (signal) => deliver(event, signal)),
    );

  async function deliver(event: QueuedEvent, signal: AbortSignal): Promise<void> {
    const fn = await functions.find(event.accountId, event.name);
    if (!fn) return standIn.state.delete(collection, event.requestId);
    const outcome = await invoke(fn, event.requestId, Buffer.from(event.payload, 'base64')).catch(() => null);
    // What a stop interrupted begins again.
    if (signal.aborted) return;
    const failed = outcome === null || outcome.error !== null;
    const attempts = event.attempts + (outcome ? 1 : 0);
    const delay = outcome ? retryDelaysMs[attempts - 1] : throttledDelayMs;
    if (!failed || delay === undefined || Date.now() - event.queuedAt > maxAgeMs)
      return standIn.state.delete(collection, event.requestId);
    const again = { ...event, attempts, dueAt: Date.now() + delay };
    await standIn.state.put<QueuedEvent>(collection, event.requestId, again);
    // In the next turn, when this task is no longer known by its key.
    setImmediate(() => arm(again));
  }

  return {
    async send({ accountId, name }, requestId, payload) {
      const now = Date.now();
      const event: QueuedEvent = {
        accountId,
        name,
        requestId,
        payload: payload.toString('base64'),
        attempts: 0,
        queuedAt: now,
        dueAt: now,
      };
      await standIn.state.put(collection, requestId, event);
      arm(event);
    },
    async start() {
      for (const [, event] of await standIn.state.list<QueuedEvent>(collection)) arm(event);
    },
    stop: () => tasks.stop(),
  };
}
