import { randomInt } from 'node:crypto';
import { isTaken } from './preflight';

/**
 * Above the well-known ports and below those of outgoing connections, which begin at 32768 on Linux and 49152
 * elsewhere.
 */
const from = 20_000;
const below = 32_000;
const given = new Set<number>();

/**
 * A TCP port that is free on both loopback addresses. Outgoing connections never use it, so it stays free until it is
 * used, and between two uses.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(from, below);
    if (given.has(port)) continue;
    // Before the probe: another call could choose the same port meanwhile.
    given.add(port);
    const taken = await Promise.all(['127.0.0.1', '::1'].map((host) => isTaken(port, host)));
    if (!taken.includes(true)) return port;
  }
}
