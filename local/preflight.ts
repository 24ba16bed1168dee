import { mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CannotStart } from './cannot-start';
import { type Ports, portParts } from './environment';
import { howToStop, takeLock } from './lock';
import { listenerOn, named } from './processes';
import { isPart } from './supervisor';

/** Longer than `exit-with-parent.mjs` gives a part whose parent is gone. */
const partsEndWithinMs = 6000;
const neededBytes = 1024 ** 3;

/** Throws CannotStart when the disk of the state folder is nearly full. */
export async function checkDisk(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize < neededBytes) {
    const free = Math.floor((bavail * bsize) / 1024 ** 2);
    throw new CannotStart(
      `Only ${free} MB are free on the disk with ${dir}; Annex needs 1024 MB. Free some space, or set ANNEX_STATE_DIR.`,
    );
  }
}

/**
 * Throws CannotStart with the first port that is taken, and names who has it. Waits for parts of an Annex that was
 * killed, which are about to end. A PostgreSQL of the state folder `dir` may remain: its start stops it.
 */
export async function checkPorts(ports: Ports, dir: string): Promise<void> {
  for (const { key, name, variable } of portParts) {
    const port = ports[key];
    const deadline = Date.now() + partsEndWithinMs;
    while (await isTakenAnywhere(port)) {
      const user = await listenerOn(port);
      if (user?.command.includes(join(dir, 'postgres'))) break;
      if (user && isPart(user) && Date.now() < deadline) await delay(100);
      else {
        throw new CannotStart(
          `Port ${port} (${name}) is used by ${user ? named(user) : 'another program'}. Stop that program, or choose another port: ${variable}=… npm start`,
        );
      }
    }
  }
}

async function isTakenAnywhere(port: number): Promise<boolean> {
  return (await isTaken(port, '127.0.0.1')) || (await isTaken(port, '::1'));
}

/** Whether something listens on this loopback port. On a host without IPv6, nothing listens on ::1. */
export function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(true);
      else if (error.code === 'EACCES')
        reject(new CannotStart(`This user is not allowed to use port ${port}. Choose a port above 1023.`));
      else resolve(false);
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(false)));
  });
}

/**
 * Locks the state folder for this process and returns a function that releases it. Throws CannotStart when another
 * start holds it.
 */
export async function lock(dir: string): Promise<() => Promise<void>> {
  const release = await takeLock(dir);
  if (release) return release;
  throw new CannotStart(`Annex is already running with ${dir}. ${await howToStop(dir)}`);
}
