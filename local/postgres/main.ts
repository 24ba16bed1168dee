import { join } from 'node:path';
import { askedToStop, whenAborted } from '../asked-to-stop';
import { endUnstarted } from '../cannot-start';
import { startPostgres } from './start';

/**
 * PostgreSQL as a process of the start script. Reads `ANNEX_STATE_DIR`, `ANNEX_PG_PORT` and `ANNEX_PG_STANDBY_PORT`.
 * Sends `{ ready: true, ownerUrl, portalUrl, standbyUrl, jobUrl }` to its parent. Stops both servers when asked to, also
 * while they start, or when the parent is gone.
 */
async function main(): Promise<void> {
  const asked = askedToStop();
  const postgres = await startPostgres({
    dir: join(process.env.ANNEX_STATE_DIR ?? '.local', 'postgres'),
    primaryPort: port('ANNEX_PG_PORT', 15432),
    standbyPort: port('ANNEX_PG_STANDBY_PORT', 15433),
    log: (line) => console.log(line),
    // The parent process reports the reason and restarts this one until there is disk space or the port is free.
    giveUp: () => process.exit(1),
    signal: asked,
  }).catch((error: unknown) => {
    if (asked.aborted) process.exit(0);
    throw error;
  });
  const { ownerUrl, portalUrl, standbyUrl, jobUrl } = postgres;
  if (process.connected) process.send?.({ ready: true, ownerUrl, portalUrl, standbyUrl, jobUrl });
  await whenAborted(asked);
  await postgres.stop();
  process.exit(0);
}

function port(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new Error(`${name} must be a port from 1 to 65535.`);
  return value;
}

main().catch(endUnstarted);
