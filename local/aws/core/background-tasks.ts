import type { StandInLog } from './service';

/** Long tasks that run beside a service's timers. A stop aborts them and waits until they have ended. */
export interface BackgroundTasks {
  /** Runs `task` unless one with that key is running. What it throws is logged, unless it was aborted. */
  begin(key: string, task: (signal: AbortSignal) => Promise<void>): void;
  has(key: string): boolean;
  abort(key: string): void;
  stop(): Promise<void>;
}

/** Makes the background tasks of one service. */
export function createBackgroundTasks(log: StandInLog): BackgroundTasks {
  const running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  let stopped = false;

  async function run(key: string, controller: AbortController, task: (signal: AbortSignal) => Promise<void>) {
    try {
      await task(controller.signal);
    } catch (error) {
      if (!controller.signal.aborted)
        log.error({ err: error, task: key }, 'A background task failed and starts again.');
    } finally {
      running.delete(key);
    }
  }

  return {
    begin(key, task) {
      if (stopped || running.has(key)) return;
      const controller = new AbortController();
      // In the next turn of the event loop, so that it is registered before it can end.
      const ended = Promise.resolve().then(() => run(key, controller, task));
      running.set(key, { controller, ended });
    },
    has: (key) => running.has(key),
    abort: (key) => running.get(key)?.controller.abort(),
    async stop() {
      stopped = true;
      const all = [...running.values()];
      for (const { controller } of all) controller.abort();
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}
