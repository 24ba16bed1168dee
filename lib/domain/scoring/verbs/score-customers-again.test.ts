import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { survive } from '@/lib/domain/testing/crash';
import { answering, customersOf, honest, modelOf } from '@/lib/domain/testing/scored-model';
import { expectHonest, quickly, ScoringWorld } from '@/lib/domain/testing/scoring-world';
import { limits } from '../limits';
import { checkEndpointHealth } from './check-endpoint-health';
import { scoreAllNow } from './score-all-now';
import { scoreCustomers } from './score-customers';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const score = (world: ScoringWorld, message = 'message-1') =>
  quickly(scoreCustomers(world.as('system', message), undefined));

const threeBatches = limits.batchRows * 2 + 700;

describe('what changes meanwhile', () => {
  it('new orders: begins anew on the new features and mixes nothing', async () => {
    const world = new ScoringWorld(threeBatches);
    let asked = 0;
    world.behaviour = (rows) => {
      asked += 1;
      if (asked === 2) {
        world.revision = 2;
        world.customers = customersOf(threeBatches, 13);
      }
      return answering(rows.map(honest));
    };
    expect(await score(world)).toBe('scored');
    expectHonest(world, 13);
    expect(world.runs.map(({ state }) => state)).toEqual(['superseded', 'done']);
    expect(world.run().revision).toBe(2);
  });

  it('another activation: the older run gives way, whoever works at it', async () => {
    const world = new ScoringWorld(threeBatches);
    let asked = 0;
    world.behaviour = async (rows, { endpointName }) => {
      asked += 1;
      if (asked === 1) {
        world.active = modelOf(2);
        expect(await quickly(scoreCustomers(world.as('system', 'another'), undefined))).toBe('scored');
      }
      return answering(rows.map((row) => (endpointName === 'churn-2' ? 0.125 : honest(row))));
    };
    expect(await score(world)).toBe('elsewhere');
    expect(world.state).toMatchObject({ version: 2, mode: 'model' });
    expect(new Set(world.seen()?.values())).toEqual(new Set([0.125]));
    expect(world.runs.map(({ version, state }) => [version, state])).toEqual([
      [1, 'superseded'],
      [2, 'done'],
    ]);
  });

  it('two workers with the same job: one works, the other leaves it', async () => {
    const world = new ScoringWorld(threeBatches);
    let other: Promise<unknown> | null = null;
    world.behaviour = (rows) => {
      other ??= scoreCustomers(world.as('system', 'message-2'), undefined);
      return answering(rows.map(honest));
    };
    expect(await score(world)).toBe('scored');
    expect(await other).toBe('elsewhere');
    expectHonest(world);
  });

  it('the same message in two hands: no batch is stored twice', async () => {
    const world = new ScoringWorld(threeBatches);
    let twin: Promise<unknown> | null = null;
    world.behaviour = (rows) => {
      twin ??= scoreCustomers(world.as('system', 'message-1'), undefined);
      return answering(rows.map(honest));
    };
    await score(world);
    await twin;
    expectHonest(world);
    expect(world.runs).toHaveLength(1);
    expect(world.run()).toMatchObject({ state: 'done', rowsDone: threeBatches });
  });
});

describe('a worker that is killed', () => {
  const kills = (['before', 'after'] as const).flatMap((when) =>
    Array.from({ length: 30 }, (_, n) => ({ when, at: n + 1 })),
  );

  it.each(kills)('$when port call $at leaves a run that finishes once', async ({ when, at }) => {
    const world = new ScoringWorld(threeBatches);
    world.killer = { calls: 0, at, when, forGood: true };
    const whole = await quickly(survive(() => scoreCustomers(world.as('system', 'message-1'), undefined)));
    if (whole) expect(world.killer.calls).toBeLessThan(at);
    world.killer = null;
    // Another message much later, and one more than needed.
    world.clock += limits.leaseMs + 1;
    expect(['scored', 'current']).toContain(await score(world, 'message-2'));
    expect(await score(world, 'message-3')).toBe('current');
    expectHonest(world);
    expect(world.runs.filter(({ state }) => state === 'done')).toHaveLength(1);
    expect(world.run().rowsDone).toBe(threeBatches);
    expect(world.sent('scores.compare')).toBeGreaterThan(0);
  });

  it('does not ask again for what is stored', async () => {
    const world = new ScoringWorld(limits.batchRows * 4);
    world.killer = { calls: 0, at: 14, when: 'after', forGood: true };
    await quickly(survive(() => scoreCustomers(world.as('system'), undefined)));
    const done = world.run().rowsDone;
    expect(done).toBeGreaterThan(0);
    world.killer = null;
    world.asked.length = 0;
    expect(await score(world)).toBe('scored');
    const askedFor = world.asked.reduce((sum, { rows }) => sum + rows, 0);
    const left = limits.batchRows * 4 - done;
    expect(askedFor).toBeGreaterThan(left);
    expect(askedFor).toBeLessThan(left * 1.03 + limits.firstRows);
    expectHonest(world);
  });

  it('is replaced by a look at a scoring that stands still', async () => {
    const world = new ScoringWorld(threeBatches);
    world.killer = { calls: 0, at: 12, when: 'after' };
    await quickly(survive(() => scoreCustomers(world.as('system'), undefined)));
    world.killer = null;
    const look = () => quickly(checkEndpointHealth(world.as('system', 'look'), undefined));
    world.clock += limits.doubtMs;
    expect(await look()).toBe('busy');
    expect(world.sent('scores.refresh')).toBe(0);
    world.clock += limits.leaseMs;
    expect(await look()).toBe('busy');
    expect(world.sent('scores.refresh')).toBe(1);
    expect(await score(world, 'message-2')).toBe('scored');
    expectHonest(world);
  });
});

describe('score all now', () => {
  it('scores anew what is scored already, once however often it is pressed', async () => {
    const world = new ScoringWorld(20);
    await score(world);
    const first = await scoreAllNow(world.as('scientist'), undefined);
    const second = await scoreAllNow(world.as('scientist'), undefined);
    expect(second.run).toBe(first.run);
    expect(first).toMatchObject({ state: 'waiting', askedBy: 'ada@foo.example', rowsTotal: 20 });
    expect(world.audit.filter(({ action }) => action === 'scores.run')).toHaveLength(1);
    expect(await score(world, 'message-2')).toBe('scored');
    expect(world.runs).toHaveLength(2);
    expect(world.state.shownRun).toBe(2);
  });

  it('tries although the circuit is open', async () => {
    const world = new ScoringWorld(20);
    world.behaviour = () => answering(['no'], 400);
    await score(world);
    world.behaviour = (rows) => answering(rows.map(honest));
    expect(await score(world)).toBe('circuit open');
    await scoreAllNow(world.as('scientist'), undefined);
    expect(await score(world)).toBe('scored');
    expect(world.state.mode).toBe('model');
  });

  it('says what is missing', async () => {
    const world = new ScoringWorld(0);
    await expect(scoreAllNow(world.as('scientist'), undefined)).rejects.toThrow(/no customers to score/);
    world.active = null;
    await expect(scoreAllNow(world.as('scientist'), undefined)).rejects.toThrow(
      /No model of yours is active/,
    );
    await expect(scoreAllNow(world.as('member'), undefined)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
