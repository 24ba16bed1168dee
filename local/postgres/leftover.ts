import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CannotStart } from '../cannot-start';
import { inspect } from '../processes';

/**
 * Cleans up after an earlier run in `dataDir`. Removes a stale `postmaster.pid`: its process is gone, or the number now
 * belongs to another program. Shuts down a server whose parent died. Throws when another Annex is using it.
 */
export async function stopLeftover(dataDir: string, name: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const recorded = await readFile(pidFile, 'utf8').catch(() => null);
  if (recorded === null) return;
  const pid = Number.parseInt(recorded.split('\n')[0] ?? '', 10);
  const found = Number.isInteger(pid) && pid > 0 ? await inspect(pid) : null;
  if (!found?.command.includes(dataDir)) {
    await rm(pidFile, { force: true });
    return;
  }
  if (found.parent === (await readOwner(dataDir))) {
    throw new CannotStart(
      `The PostgreSQL ${name} in ${dataDir} is used by another Annex (process ${found.parent}). Stop that one first, or set ANNEX_STATE_DIR to another folder.`,
    );
  }
  await stopOrphan(pid);
}

/**
 * Records that this process runs the server of `dataDir`. A pid alone proves nothing later; that it is the server's
 * parent does.
 */
export async function recordOwner(dataDir: string): Promise<void> {
  await writeFile(`${dataDir}.owner`, String(process.pid));
}

async function readOwner(dataDir: string): Promise<number> {
  return Number(await readFile(`${dataDir}.owner`, 'utf8').catch(() => 0));
}

async function stopOrphan(pid: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + waitMs;
    while (Date.now() < deadline) {
      if (!(await inspect(pid))) return;
      await delay(50);
    }
  }
}
