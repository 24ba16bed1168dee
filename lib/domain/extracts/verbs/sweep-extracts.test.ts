import { describe, expect, it } from 'vitest';
import { submitted } from '@/lib/domain/testing/extract-world';
import { limits } from '../limits';
import { cancelExtract } from './cancel-extract';
import { retryExtract } from './retry-extract';

describe('an extract that nobody sweeps', () => {
  it('waits for capacity as long as it takes', async () => {
    const world = await submitted();
    world.load = limits.runningInAll;
    await world.work(() => world.clock > Date.parse('2026-03-01T10:10:00Z'), 1, false);
    world.load = 0;
    await world.work(undefined, 1, false);
    expect(world.single().state).toBe('done');
  });

  it('notices soon when a slow stop ends', async () => {
    const world = await submitted();
    world.glue.runMs = 3_600_000;
    world.glue.stopMs = 7000;
    await world.work(() => world.clock > Date.parse('2026-03-01T10:20:00Z'), 1, false);
    const pressed = world.clock;
    await cancelExtract(world.as('scientist'), { requestId: world.single().requestId });
    await world.work(undefined, 1, false);
    expect(world.single().state).toBe('cancelled');
    expect(world.clock - pressed).toBeLessThan(10_000);
  });

  it('retries when there is capacity again', async () => {
    const world = await submitted();
    world.glue.failures = 1;
    await world.work(undefined, 1, false);
    world.messages.length = 0;
    world.load = limits.runningInAll;
    await retryExtract(world.as('scientist'), { requestId: world.single().requestId });
    await world.work(() => world.clock > Date.parse('2026-03-01T10:10:00Z'), 1, false);
    world.load = 0;
    await world.work(undefined, 1, false);
    expect(world.single()).toMatchObject({ state: 'done', attempt: 2 });
  });
});

describe('sweepExtracts', () => {
  it('sends an extract again only after a while, so that an outage does not fill the queue', async () => {
    const world = await submitted();
    world.messages.length = 0;
    for (let sweeps = 0; sweeps < 24; sweeps += 1) await world.sweep();
    expect(world.messages).toHaveLength(4);
    expect(world.swept.size).toBe(1);
  });

  it('sends running extracts, too', async () => {
    const world = await submitted();
    world.glue.runMs = 600_000;
    await world.work(() => world.single().runId !== null);
    world.messages.length = 0;
    for (let sweeps = 0; sweeps < 8; sweeps += 1) await world.sweep();
    expect(world.messages).toHaveLength(1);
  });
});
