import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** Program and arguments, separated by blanks. */
  readonly command: string;
}

/** A process by its id; null when it has ended, even if nobody has waited for it yet. */
export async function inspect(pid: number): Promise<ProcessInfo | null> {
  try {
    const { stdout } = await run('ps', ['-ww', '-o', 'ppid=,stat=,args=', '-p', String(pid)]);
    const match = /^\s*(\d+)\s+(\S+)\s+(.*)$/s.exec(stdout.trimEnd());
    if (!match || match[2]?.startsWith('Z')) return null;
    return { pid, parent: Number(match[1]), command: match[3] ?? '' };
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
      pid,
      parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0),
      command: command.replaceAll('\0', ' ').trimEnd(),
    };
  } catch {
    return null;
  }
}

/** The process that listens on a TCP port of this machine; null when there is none, or it is another user's. */
export async function listenerOn(port: number): Promise<ProcessInfo | null> {
  if (process.platform !== 'linux') return first(await lsof(['-nP', `-iTCP:${port}`, '-sTCP:LISTEN']));
  const sockets = await listeningSockets(port);
  return sockets.size === 0 ? null : first(await openers((file) => sockets.has(file)));
}

/** The processes, besides this one, that have `path` or something below it open or as their working folder. */
export async function usersOf(path: string): Promise<readonly ProcessInfo[]> {
  const pids =
    process.platform === 'linux'
      ? await openers((file) => file === path || file.startsWith(`${path}/`))
      : await lsof(['+D', path]);
  const found = await Promise.all(pids.filter((pid) => pid !== process.pid).map(inspect));
  return found.filter((one) => one !== null);
}

/** `process 4711 (node server.js)` */
export function named({ pid, command }: ProcessInfo): string {
  return `process ${pid} (${command.length > 200 ? `${command.slice(0, 200)}…` : command})`;
}

async function first(pids: readonly number[]): Promise<ProcessInfo | null> {
  const [pid] = pids;
  return pid === undefined ? null : inspect(pid);
}

async function lsof(args: readonly string[]): Promise<readonly number[]> {
  const stdout = await run('lsof', ['-t', ...args]).then(
    (ended) => ended.stdout,
    // It exits with 1 when one of several things was not found.
    (error: { stdout?: string }) => error.stdout ?? '',
  );
  return stdout.split('\n').filter(Boolean).map(Number);
}

/** The sockets in state LISTEN (0A) as links in `/proc/<pid>/fd` show them. Source: proc_net(5). */
async function listeningSockets(port: number): Promise<ReadonlySet<string>> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((text) => text.split('\n').map((line) => line.trim().split(/\s+/)));
  return new Set(
    rows
      .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === '0A')
      .map((row) => `socket:[${row[9]}]`),
  );
}

/** Processes with an open file, or a working folder, for which `is` holds. Those of other users stay unknown. */
async function openers(is: (file: string) => boolean): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const open = await readdir(`/proc/${pid}/fd`).catch(() => []);
      const links = [`/proc/${pid}/cwd`, ...open.map((fd) => `/proc/${pid}/fd/${fd}`)];
      const files = await Promise.all(links.map((link) => readlink(link).catch(() => '')));
      return files.some(is) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
