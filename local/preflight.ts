import { mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { type Ports, portParts } from './environment';
import { takeLock } from './lock';

/** A reason not to start. The message tells the user what to do. */
export class CannotStart extends Error {}

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

/** Throws CannotStart with the first port that another program uses. */
export async function checkPorts(ports: Ports): Promise<void> {
  for (const { key, name, variable } of portParts) {
    for (const host of ['127.0.0.1', '::1']) {
      if (await isTaken(ports[key], host)) {
        throw new CannotStart(
          `Port ${ports[key]} (${name}) is used by another program. Stop that program, or choose another port: ${variable}=… npm start`,
        );
      }
    }
  }
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
  throw new CannotStart(
    `Annex is already running with ${dir}. Use that one, or stop it with Ctrl-C in its terminal.`,
  );
}
