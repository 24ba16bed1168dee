import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive, type Ports, portParts } from './environment';

/** A reason not to start, said in a sentence that tells what to do. */
export class CannotStart extends Error {}

const neededBytes = 1024 ** 3;

/** Throws CannotStart when the state folder's disk has too little room. */
export async function checkDisk(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize < neededBytes) {
    const free = Math.floor((bavail * bsize) / 1024 ** 2);
    throw new CannotStart(
      `Only ${free} MB are free where ${dir} is; Annex needs 1024 MB. Free some room, or set ANNEX_STATE_DIR.`,
    );
  }
}

/** Throws CannotStart naming the first port that another program has. */
export async function checkPorts(ports: Ports): Promise<void> {
  for (const { key, name, variable } of portParts) {
    for (const host of ['127.0.0.1', '::1']) {
      if (await isTaken(ports[key], host)) {
        throw new CannotStart(
          `Port ${ports[key]} (${name}) is taken by another program. Stop that program, or choose another port: ${variable}=… npm start`,
        );
      }
    }
  }
}

/** Whether something listens on that loopback port. A host without IPv6 has nothing on it. */
function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(true);
      else if (error.code === 'EACCES')
        reject(new CannotStart(`Port ${port} needs rights that this user lacks. Choose one above 1023.`));
      else resolve(false);
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(false)));
  });
}

/**
 * Takes the state folder for this process. Throws CannotStart when a living start script has it; a lock whose process
 * is gone is taken over. Returns what releases it.
 */
export async function lock(dir: string): Promise<() => Promise<void>> {
  const file = join(dir, 'start.pid');
  const take = () => writeFile(file, String(process.pid), { flag: 'wx' });
  try {
    await take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (Number.isInteger(pid) && pid > 0 && pid !== process.pid && (await isStartScript(pid))) {
      throw new CannotStart(
        `Annex runs already on ${dir} (process ${pid}). Use it, or end it with Ctrl-C in its terminal.`,
      );
    }
    await rm(file, { force: true });
    await take();
  }
  return () => rm(file, { force: true });
}

/** Whether that process is a start script: a pid is given to other programs after a crash. */
async function isStartScript(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const listing = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'args=']).catch(() => null);
  return listing === null || listing.stdout.includes('local/start');
}
