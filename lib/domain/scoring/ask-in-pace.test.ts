import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answering, honest, silence } from '../testing/scored-model';
import { expectHonest, quickly, ScoringWorld } from '../testing/scoring-world';
import { limits } from './limits';
import { scoreCustomers } from './verbs/score-customers';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

type Behaviour = ScoringWorld['behaviour'];

const score = (world: ScoringWorld, message = 'message-1') =>
  quickly(scoreCustomers(world.as('system', message), undefined));

const within = <T>(ms: number, what: () => T | Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    setTimeout(() => {
      try {
        resolve(what());
      } catch (error) {
        reject(error);
      }
    }, ms);
  });

const never = (deadlineMs: number) => within<never>(deadlineMs, () => Promise.reject(silence()));

/** A container that handles one request at a time, and does not notice that the caller has given up. */
function oneAtATime(msOf: (rows: number) => number): Behaviour {
  let free = 0;
  return (rows, { deadlineMs }) => {
    const now = performance.now();
    free = Math.max(free, now) + msOf(rows.length);
    const ms = free - now;
    return ms > deadlineMs ? never(deadlineMs) : within(ms, () => ({ ...answering(rows.map(honest)), ms }));
  };
}

/** Counts the requests without a response. */
function counted(behaviour: Behaviour): { readonly behaviour: Behaviour; readonly lost: () => number } {
  let lost = 0;
  return {
    behaviour: async (...request) => {
      try {
        return await behaviour(...request);
      } catch (error) {
        lost += 1;
        throw error;
      }
    },
    lost: () => lost,
  };
}

describe('a model that takes its time', () => {
  it.each([0.01, 1, 10, 50])(
    'scores everybody with %f ms a row and one request at a time',
    async (msPerRow) => {
      const world = new ScoringWorld(9000);
      const { behaviour, lost } = counted(oneAtATime((rows) => rows * msPerRow));
      world.behaviour = behaviour;
      expect(await score(world)).toBe('scored');
      expectHonest(world);
      expect(lost()).toBe(0);
      expect(performance.now()).toBeLessThan(9000 * msPerRow * 1.6 + 5000);
    },
  );

  it('is asked one request at a time when it answers none beside another', async () => {
    const world = new ScoringWorld(20_000);
    let running = 0;
    const { behaviour, lost } = counted(async (rows, { deadlineMs }) => {
      running += 1;
      const stuck = running > 1;
      try {
        return stuck ? await never(deadlineMs) : await within(20, () => answering(rows.map(honest)));
      } finally {
        running -= 1;
      }
    });
    world.behaviour = behaviour;
    expect(await score(world)).toBe('scored');
    expectHonest(world);
    expect(lost()).toBeLessThan(world.asked.length / 6);
  });

  it.each([
    ['is silent', (deadlineMs: number) => never(deadlineMs)],
    ['breaks down', async () => answering(['out of memory'], 500)],
  ] as const)('goes on where it was when it %s at more than 1000 rows', async (_, refuse) => {
    const world = new ScoringWorld(20_000);
    world.behaviour = (rows, { deadlineMs }) =>
      rows.length > 1000 ? refuse(deadlineMs) : { ...answering(rows.map(honest)), ms: 50 };
    const positions: string[] = [];
    const context = world.as('system');
    const { scoringRuns } = context.ports;
    const store: typeof scoringRuns.store = (lease, batch) => {
      positions.push(batch.after ?? '');
      return scoringRuns.store(lease, batch);
    };
    const ports = { ...context.ports, scoringRuns: { ...scoringRuns, store } };
    // A spread does not copy the methods, because they come from a proxy.
    Object.setPrototypeOf(ports.scoringRuns, scoringRuns);
    expect(await quickly(scoreCustomers({ ...context, ports }, undefined))).toBe('scored');
    expectHonest(world);
    expect(world.run().rowsDone).toBe(20_000);
    expect(positions).toEqual(positions.toSorted());
    expect(new Set(positions).size).toBe(positions.length);
  });

  it('is forgiven a silence in between', async () => {
    const world = new ScoringWorld(20_000);
    let asked = 0;
    world.behaviour = (rows, { deadlineMs }) => {
      asked += 1;
      return asked > 3 && asked < 6 ? never(deadlineMs) : { ...answering(rows.map(honest)), ms: 50 };
    };
    expect(await score(world)).toBe('scored');
    expectHonest(world);
  });

  it('is given up within a minute when it answers nothing, at any point', async () => {
    for (const from of [0, 1, 4]) {
      const world = new ScoringWorld(20_000);
      const startedAt = performance.now();
      let asked = 0;
      world.behaviour = (rows, { deadlineMs }) =>
        asked++ >= from ? never(deadlineMs) : { ...answering(rows.map(honest)), ms: 50 };
      expect(await score(world)).toBe('failed');
      expect(world.state).toMatchObject({ mode: 'fallback', breaker: { cause: 'unreachable' } });
      expect(performance.now() - startedAt).toBeLessThan(60_000);
      expect(asked - from).toBeLessThanOrEqual(limits.concurrency + 2);
    }
  });

  it('leaves its place to others after a turn, and goes on where it was in the next', async () => {
    const world = new ScoringWorld(3000);
    const beganAt = world.clock;
    const startedAt = performance.now();
    const container = oneAtATime((rows) => rows * 50);
    world.behaviour = (rows, request) => {
      world.clock = beganAt + performance.now() - startedAt;
      return container(rows, request);
    };
    const done: number[] = [];
    for (let outcome = await score(world); outcome !== 'scored'; outcome = await score(world)) {
      expect(outcome).toBe('paused');
      done.push(world.run().rowsDone);
      expect(world.seen()).toBeNull();
    }
    expect(done.length).toBeGreaterThan(1);
    expect(done).toEqual([...new Set(done)].toSorted((a, b) => a - b));
    expectHonest(world);
    expect(world.runs).toHaveLength(1);
    expect(world.asked.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThan(3000 * 1.6);
  });

  it('is not taken over by another worker while a smaller request is found', async () => {
    const world = new ScoringWorld(300);
    const beganAt = world.clock;
    const startedAt = performance.now();
    let looks = 0;
    world.behaviour = async (rows) => {
      if (rows.length < 40) return answering(rows.map(honest));
      await within(9000, () => undefined);
      world.clock = beganAt + performance.now() - startedAt;
      looks += 1;
      expect(await scoreCustomers(world.as('system', 'another'), undefined)).toBe('elsewhere');
      return answering(['busy'], 503);
    };
    expect(await score(world)).toBe('scored');
    expectHonest(world);
    expect(looks).toBeGreaterThan(3);
    expect(world.runs).toHaveLength(1);
  });
});
