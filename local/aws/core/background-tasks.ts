import type { StandInLog } from './service';

/** Long tasks that run beside the stages of a service; a stop aborts them and waits until they have ended. */
export interface Work {
  /** Runs `task` unless one of that key runs. What it throws is logged, unless it was aborted. */
  begin(key: string, task: (signal: AbortSignal) => Promise<void>): void;
  has(key: string): boolean;
  abort(key: string): void;
  stop(): Promise<void>;
}

/** Makes a `Work`. */
export function createWork(log: StandInLog): Work {
  const running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  let stopped = false;

  async function run(key: string, controller: AbortController, task: (signal: AbortSignal) => Promise<void>) {
    try {
      await task(controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) log.error({ err: error, work: key }, 'a task failed and begins again');
    } finally {
      running.delete(key);
    }
  }

  return {
    begin(key, task) {
      if (stopped || running.has(key)) return;
      const controller = new AbortController();
      // In the next turn, so that it is known before it can end.
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
