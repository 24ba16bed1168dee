import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from './server';

/** A server that is restarted when it dies unexpectedly. */
export interface Supervised {
  pid(): number;
  /** From now on, the end of the server is expected. */
  expectEnd(): void;
  stop(): Promise<void>;
}

const restartsAtMost = 5;
const healthyMs = 60_000;

/** Restarts the server a few times when it ends unexpectedly. Calls `giveUp` when that does not help. */
export function supervise(
  name: string,
  first: Server,
  restart: () => Promise<Server>,
  log: (line: string) => void,
  giveUp: () => void,
): Supervised {
  let current = first;
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  let restarts = 0;

  const watch = (server: Server): void => {
    const startedAt = Date.now();
    void server.ended.then(() => {
      if (Date.now() - startedAt > healthyMs) restarts = 0;
      if (!stopping) restarting = revive();
    });
  };
  const revive = async (): Promise<void> => {
    while (!stopping && restarts < restartsAtMost) {
      restarts += 1;
      log(`PostgreSQL: the ${name} stopped unexpectedly; restarting it (${restarts} of ${restartsAtMost})`);
      try {
        current = await restart();
        watch(current);
        return;
      } catch (error) {
        log(error instanceof Error ? error.message : String(error));
        await delay(restarts * 500);
      }
    }
    if (!stopping) giveUp();
  };
  watch(first);
  return {
    pid: () => current.pid,
    expectEnd: () => {
      stopping = true;
    },
    stop: async () => {
      stopping = true;
      await restarting;
      await current.stop();
    },
  };
}
