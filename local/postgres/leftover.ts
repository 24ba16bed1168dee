import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface ProcessInfo {
  readonly parent: number;
  readonly command: string;
}

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
    throw new Error(
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

async function inspect(pid: number): Promise<ProcessInfo | null> {
  try {
    const { stdout } = await run('ps', ['-ww', '-o', 'ppid=,stat=,args=', '-p', String(pid)]);
    const match = /^\s*(\d+)\s+(\S+)\s+(.*)$/s.exec(stdout.trimEnd());
    if (!match || match[2]?.startsWith('Z')) return null;
    return { parent: Number(match[1]), command: match[3] ?? '' };
  } catch {
    return inspectProc(pid);
  }
}

/** Slim containers have no `ps`. */
async function inspectProc(pid: number): Promise<ProcessInfo | null> {
  try {
    const [command, status] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ]);
    if (/^State:\s+Z/m.test(status)) return null;
    return {
      parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0),
      command: command.replaceAll('\0', ' '),
    };
  } catch {
    return null;
  }
}
