import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { churnFeatures } from '@/lib/domain/churn/features';
import { answering, honest, modelOf, silence } from '@/lib/domain/testing/scored-model';
import { expectHonest, quickly, ScoringWorld } from '@/lib/domain/testing/scoring-world';
import { AnnexError } from '@/lib/errors';
import { repeatsOf } from '../arrangement';
import { limits } from '../limits';
import { standingInWords } from '../standing';
import { getScoring } from './get-scoring';
import { scoreCustomers } from './score-customers';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const score = (world: ScoringWorld, message = 'message-1') =>
  quickly(scoreCustomers(world.as('system', message), undefined));

const threeBatches = limits.batchRows * 2 + 700;

describe('scoring the customers', () => {
  it('gives everybody the model’s answer for their own features, in batches', async () => {
    const world = new ScoringWorld(threeBatches);
    expect(await score(world)).toBe('scored');
    expectHonest(world);
    expect(world.asked.map(({ rows }) => rows)).toEqual(
      [100, 800, 800, limits.batchRows, 3000].map((rows) => rows + repeatsOf(rows)),
    );
    const ids = world.asked.map(({ inferenceId }) => inferenceId);
    expect(ids.every((id) => /^annex-score-1-[0-9A-Z]{26}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(world.run()).toMatchObject({ state: 'done', version: 1, rowsDone: threeBatches });
    expect(world.sent('scores.compare')).toBe(1);
    expect(world.audit).toMatchObject([
      {
        action: 'scores.refresh',
        subject: 'scores/run-1',
        result: 'done',
        detail: { version: 1, customers: threeBatches },
        roles: ['system'],
      },
    ]);
  });

  it('does nothing again when the same job comes again', async () => {
    const world = new ScoringWorld(20);
    await score(world);
    expect(await score(world, 'message-2')).toBe('current');
    expect(world.asked).toHaveLength(1);
    expect(world.runs).toHaveLength(1);
  });

  it('shows the default’s scores at once when no model is active any more', async () => {
    const world = new ScoringWorld(20);
    await score(world);
    world.active = null;
    expect(await score(world)).toBe('default');
    expect(world.state).toMatchObject({ mode: 'default', shownRun: null, version: null });
  });

  it('has nobody to score before the first import', async () => {
    const world = new ScoringWorld(0);
    expect(await score(world)).toBe('current');
    expect(world.state.mode).toBe('default');
  });

  it('asks again after a passing refusal, within its time', async () => {
    const world = new ScoringWorld(20);
    const refusals = [
      () => Promise.reject(silence()),
      () => answering(['busy'], 503),
      () => answering(['slow'], 429),
    ];
    world.behaviour = (rows) => refusals.shift()?.() ?? answering(rows.map(honest));
    expect(await score(world)).toBe('scored');
    expect(world.asked).toHaveLength(4);
    expectHonest(world);
  });

  it('gives each batch so long and no longer', async () => {
    const world = new ScoringWorld(20);
    const deadlines: number[] = [];
    world.behaviour = (_, { deadlineMs }) => {
      deadlines.push(deadlineMs);
      return new Promise((_, reject) => setTimeout(() => reject(silence()), deadlineMs));
    };
    const startedAt = performance.now();
    expect(await score(world)).toBe('failed');
    expect(performance.now() - startedAt).toBeLessThanOrEqual(limits.batchMs + 200);
    expect(deadlines[0]).toBe(limits.attemptMs);
  });

  it('cuts a request that would be larger than SageMaker takes', async () => {
    const world = new ScoringWorld(0);
    const long = '1'.repeat(300);
    world.customers = Array.from({ length: 2500 }, (_, n) => ({
      customerId: `c${n + 10_000}`,
      features: churnFeatures.map(() => `${n % 90}.${long}`).join(','),
    }));
    const sizes: number[] = [];
    world.active = { ...modelOf(1), contentType: 'application/json' };
    world.behaviour = (_, { body }) => {
      sizes.push(Buffer.byteLength(body));
      const { instances } = JSON.parse(body) as { instances: unknown[] };
      const text = JSON.stringify({ predictions: instances.map(() => ({ score: 0.5 })) });
      return { ...answering([text]), contentType: 'application/json' };
    };
    expect(await score(world)).toBe('scored');
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.bodyBytes);
  });
});

const exchanged = (lines: readonly number[]) => [
  ...lines.slice(0, 100),
  ...lines.slice(500, 700),
  ...lines.slice(300, 500),
  ...lines.slice(100, 300),
  ...lines.slice(700),
];
const rotated = (lines: readonly number[]) => [...lines.slice(1), ...lines.slice(0, 1)];
const misbehaviours: readonly (readonly [string, ScoringWorld['behaviour'], RegExp])[] = [
  ['too few answers', (rows) => answering(rows.slice(1).map(honest)), /815 answers for 816 rows/],
  ['too many answers', (rows) => answering([...rows, [1]].map(honest)), /817 answers/],
  ['NaN', (rows) => answering(rows.map((row, i) => (i === 7 ? 'NaN' : honest(row)))), /not a probability/],
  ['infinity', (rows) => answering(rows.map(() => 'inf')), /not a probability/],
  ['a number above one', (rows) => answering(rows.map((row) => honest(row) * 100)), /not a probability/],
  ['HTML', () => answering(['<html><body>Sign in</body></html>']), /html/],
  ['nothing', () => answering([]), /answer is empty/],
  ['a refusal', () => answering(['no'], 415), /415/],
  ['sorted answers', (rows) => answering(rows.map(honest).sort()), /two different answers for the same row/],
  [
    'reversed answers',
    (rows) => answering(rows.map(honest).reverse()),
    /two different answers for the same row/,
  ],
  [
    'answers shifted by one',
    (rows) => answering(rotated(rows.map(honest))),
    /two different answers for the same row/,
  ],
  [
    'two chunks exchanged',
    (rows) => answering(exchanged(rows.map(honest))),
    /two different answers for the same row/,
  ],
  [
    'different answers each time',
    (rows) => answering(rows.map(() => Math.random())),
    /two different answers/,
  ],
];

describe('a model that misbehaves', () => {
  it.each(misbehaviours)(
    'with %s costs one clear failure and nobody a wrong score',
    async (_, behaviour, says) => {
      const world = new ScoringWorld(limits.batchRows * 2);
      let batches = 0;
      // Only the first batch is good; one bad batch suffices.
      world.behaviour = (rows, request) =>
        ++batches === 1 ? answering(rows.map(honest)) : behaviour(rows, request);
      expect(await score(world)).toBe('failed');
      expect(world.run()).toMatchObject({ state: 'failed', failure: expect.stringMatching(says) });
      expect(world.state).toMatchObject({ mode: 'fallback', reason: expect.stringMatching(says) });
      expect(world.seen()).toBeNull();
      expect(world.audit).toMatchObject([
        { action: 'scores.refresh', result: 'failed', detail: { reason: expect.stringMatching(says) } },
      ]);
      expect(await score(world, 'again')).toBe('circuit open');
    },
  );

  it('keeps the answer’s size and time in bounds', async () => {
    const world = new ScoringWorld(20);
    const asked: number[] = [];
    world.behaviour = (_, { maxBytes }) => {
      asked.push(maxBytes);
      throw new AnnexError('dependency_failed', 'It answered more than 16 kB.', { transient: false });
    };
    expect(await score(world)).toBe('failed');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeLessThan(100_000);
    expect(world.state.breaker.cause).toBe('answers');
  });

  it.each(['not_found', 'dependency_denied'] as const)('is not asked twice when it is %s', async (code) => {
    const world = new ScoringWorld(20);
    world.behaviour = () => {
      throw new AnnexError(code, 'It is gone.');
    };
    expect(await score(world)).toBe('failed');
    expect(world.asked).toHaveLength(1);
    expect(world.run().failure).toBe('It is gone.');
  });

  it('leaves what readers saw of another version until its own are whole', async () => {
    const world = new ScoringWorld(20);
    await score(world);
    world.active = modelOf(2);
    const read = async () => {
      const scoring = await getScoring(world.as('scientist'), undefined);
      return { words: standingInWords(scoring), endpoints: scoring.endpoints };
    };
    const seen: Awaited<ReturnType<typeof read>>[] = [];
    world.behaviour = async (rows) => {
      expect(world.seen()?.size).toBe(20);
      seen.push(await read());
      return answering(rows.map(() => 0.25));
    };
    expect(await score(world)).toBe('scored');
    expect(new Set(world.seen()?.values())).toEqual(new Set([0.25]));
    expect(seen[0]).toEqual({
      words: 'Version 2 scoring, 0% · shown: version 1',
      endpoints: { 1: 'churn-1', 2: 'churn-2' },
    });
    expect(await read()).toEqual({ words: 'Version 2 active and shown', endpoints: { 2: 'churn-2' } });
  });
});
