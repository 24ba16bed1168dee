import { describe, expect, it } from 'vitest';
import { submitted } from '../testing/extract-world';
import { dayMs, hourMs } from '../time';
import { cancelExtract } from './verbs/cancel-extract';

describe('an AWS that does not answer', () => {
  const hours = 72;

  it('is asked to start a run for at most an hour, and then the capacity is free again', async () => {
    const world = await submitted();
    world.glue.silent.add('start');
    await world.work(undefined, hours);
    expect(world.single()).toMatchObject({
      state: 'failed',
      runId: null,
      reason: 'AWS did not respond for 61 minutes to the request to start a run. Retry the extract later.',
    });
    expect(world.single().claims).toBeLessThan(100);
  });

  it('starts the run late, and the run’s time counts from then', async () => {
    const world = await submitted();
    world.glue.silent.add('start');
    const asked = world.clock;
    await world.work(() => world.clock > asked + 1_800_000);
    expect(world.single()).toMatchObject({ state: 'running', runId: null, startedAt: new Date(asked) });
    world.glue.silent.clear();
    await world.work();
    const { startedAt, finishedAt } = world.single();
    expect(finishedAt?.getTime()).toBeGreaterThan(asked + 1_800_000);
    expect((finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)).toBeLessThan(60_000);
  });

  it('ends the wait for the start of a run', async () => {
    const world = await submitted();
    for (const call of ['start', 'find'] as const) world.glue.silent.add(call);
    await world.work(undefined, hours);
    expect(world.single()).toMatchObject({
      state: 'failed',
      file: null,
      reason: expect.stringContaining('may still have been started, but Annex won’t use a partial'),
    });
  });

  it('ends the checks of a run, whose file then does not count', async () => {
    const world = await submitted();
    await world.work(() => world.single().runId !== null);
    world.glue.silent.add('run');
    await world.work(undefined, hours);
    expect(world.single()).toMatchObject({
      state: 'failed',
      file: null,
      reason:
        'AWS did not respond for 3 hours. The run may still be in progress, but Annex won’t use a partial file.',
    });
  });

  it('does not fail a run that was done before anybody could check', async () => {
    const world = await submitted();
    await world.work(() => world.single().runId !== null);
    world.clock += dayMs;
    await world.work(undefined, 25);
    expect(world.single()).toMatchObject({ state: 'done', file: { rows: 3 } });
  });

  it.each(['run', 'stop'] as const)('ends a cancel after minutes when %s is not answered', async (call) => {
    const world = await submitted();
    world.glue.runMs = 48 * hourMs;
    await world.work(() => world.single().runId !== null);
    world.glue.silent.add(call);
    const pressed = world.clock;
    await cancelExtract(world.as('scientist'), { requestId: world.single().requestId });
    await world.work(undefined, hours);
    expect(world.single()).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('may still be in progress'),
    });
    expect(world.clock - pressed).toBeLessThan(15 * 60_000);
  });

  it('ends a cancellation before the start of a run is known', async () => {
    const world = await submitted();
    for (const call of ['start', 'find'] as const) world.glue.silent.add(call);
    await world.work(() => world.single().claims > 0);
    const pressed = world.clock;
    await cancelExtract(world.as('scientist'), { requestId: world.single().requestId });
    await world.work(undefined, hours);
    expect(world.single()).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('may still have been started'),
    });
    expect(world.clock - pressed).toBeLessThan(15 * 60_000);
  });
});

describe('a replica that is away', () => {
  it('is tried again by itself, and the extract says that it waits', async () => {
    const world = await submitted();
    world.glue.outages = 3;
    await world.work(() => world.single().attempt === 2);
    expect(world.single()).toMatchObject({
      state: 'queued',
      reason: 'The replica does not respond (57P03).',
    });
    await world.work();
    expect(world.single()).toMatchObject({ state: 'done', attempt: 4, reason: null });
    expect(world.glue.runs.map(({ state }) => state)).toEqual(['away', 'away', 'away', 'done']);
  });

  it('is given up after a day, with the reason', async () => {
    const world = await submitted();
    world.glue.runMs = 300_000;
    world.glue.outages = Number.POSITIVE_INFINITY;
    await world.work(undefined, 30);
    expect(world.single()).toMatchObject({
      state: 'failed',
      reason:
        'The replica does not respond (57P03). Annex tried again for a day. Retry it, or ask your administrator.',
    });
  });

  it('does not keep an extract that a person cancels', async () => {
    const world = await submitted();
    world.glue.outages = Number.POSITIVE_INFINITY;
    await world.work(() => world.single().attempt === 2);
    await cancelExtract(world.as('scientist'), { requestId: world.single().requestId });
    await world.work();
    expect(world.single()).toMatchObject({ state: 'cancelled', reason: null });
  });
});
