import { randomInt } from 'node:crypto';
import { isTaken } from './preflight';

/** Above the well-known services, below what systems give to outgoing connections: from 32768 on Linux, 49152 elsewhere. */
const from = 20_000;
const below = 32_000;
const given = new Set<number>();

/** A TCP port that nobody listens on, on neither address of loopback. No outgoing connection takes it before it is used, or between two uses. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(from, below);
    if (given.has(port)) continue;
    const taken = await Promise.all(['127.0.0.1', '::1'].map((host) => isTaken(port, host)));
    if (taken.includes(true)) continue;
    given.add(port);
    return port;
  }
}
