import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ControlContext } from '@/lib/domain/context';
import type { Job } from '@/lib/domain/jobs';
import { answering, honest, modelOf, silence } from '@/lib/domain/testing/scored-model';
import { quickly, ScoringWorld } from '@/lib/domain/testing/scoring-world';
import { limits } from '../limits';
import { checkEndpointHealth } from './check-endpoint-health';
import { getScoring } from './get-scoring';
import { scoreCustomers } from './score-customers';
import { sweepScoring } from './sweep-scoring';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const well: ScoringWorld['behaviour'] = (rows) => answering(rows.map(honest));
const silent: ScoringWorld['behaviour'] = () => Promise.reject(silence());

async function scoredWorld(): Promise<ScoringWorld> {
  const world = new ScoringWorld(20);
  await scoreCustomers(world.as('system'), undefined);
  return world;
}

/** Moves the clock until the next health check is due, and runs it. */
async function look(world: ScoringWorld) {
  world.clock = Math.max(world.clock, world.state.nextHealthCheckAt?.getTime() ?? 0);
  const outcome = await checkEndpointHealth(world.as('system', 'look'), undefined);
  return outcome;
}

async function stop(world: ScoringWorld): Promise<void> {
  world.behaviour = silent;
  while (world.state.mode === 'model') expect(await look(world)).toBe('fails');
}

describe('a look at the endpoint', () => {
  it('asks one row when it is due, and not before', async () => {
    const world = await scoredWorld();
    world.asked.length = 0;
    expect(await checkEndpointHealth(world.as('system'), undefined)).toBe('not due');
    expect(world.asked).toHaveLength(0);
    expect(await look(world)).toBe('answers');
    expect(await checkEndpointHealth(world.as('system'), undefined)).toBe('not due');
    expect(world.asked).toHaveLength(1);
    expect(world.asked[0]?.inferenceId).toMatch(/^annex-look-[0-9A-Z]{26}$/);
  });

  it('does not ask what a scoring has just found out', async () => {
    const world = await scoredWorld();
    world.asked.length = 0;
    world.clock += limits.healthyMs - 1;
    world.state = { ...world.state, nextHealthCheckAt: new Date(world.clock) };
    expect(await checkEndpointHealth(world.as('system'), undefined)).toBe('answers');
    expect(world.asked).toHaveLength(0);
    // A run of another version, or one before a failure, says nothing.
    world.state = {
      ...world.state,
      breaker: { ...world.state.breaker, failures: 1 },
      nextHealthCheckAt: new Date(world.clock),
    };
    await checkEndpointHealth(world.as('system'), undefined);
    expect(world.asked).toHaveLength(1);
  });

  it('turns readers to the default within a minute of the endpoint’s end, and tells them why', async () => {
    const world = await scoredWorld();
    const endedAt = world.clock;
    await stop(world);
    expect(world.clock - endedAt).toBeLessThan(60_000);
    expect(world.state).toMatchObject({ mode: 'fallback', reason: 'The endpoint did not answer in time.' });
    expect(world.seen()).toBeNull();
    expect((await getScoring(world.as('scientist'), undefined)).circuit).toBe('open');
    // Each failed look changes the state, the last one the source.
    expect(world.audit.filter(({ action }) => action === 'scores.look')).toMatchObject([
      {
        subject: 'model/1',
        result: 'failed',
        before: { mode: 'model' },
        after: { mode: 'fallback' },
        detail: { version: 1, reason: 'The endpoint did not answer in time.' },
      },
    ]);
  });

  it('forgives what happens once', async () => {
    const world = await scoredWorld();
    world.behaviour = silent;
    expect(await look(world)).toBe('fails');
    world.behaviour = well;
    expect(await look(world)).toBe('answers');
    expect(world.state).toMatchObject({ mode: 'model', breaker: { failures: 0 } });
  });

  it('asks for the next look itself while something is wrong', async () => {
    const world = await scoredWorld();
    await stop(world);
    const looks = world.messages.filter(({ job }) => job.kind === 'scores.look');
    expect(looks.map(({ delaySeconds }) => delaySeconds).slice(0, 2)).toEqual([2, 2]);
    expect(looks).toHaveLength(limits.failuresToOpen);
  });

  it('does not ask an endpoint that hangs more often than it is due', async () => {
    const world = await scoredWorld();
    await stop(world);
    world.asked.length = 0;
    const until = world.clock + 600_000;
    while (world.clock < until) await look(world);
    expect(world.asked.length).toBeLessThan(25);
    expect(await scoreCustomers(world.as('system', 'more'), undefined)).toBe('circuit open');
  });

  it('goes back to the model by itself, and scores anew', async () => {
    const world = await scoredWorld();
    await stop(world);
    world.behaviour = well;
    world.messages.length = 0;
    expect(await look(world)).toBe('answers');
    expect(world.state).toMatchObject({ mode: 'model', shownRun: 1, reason: null });
    expect(world.sent('scores.refresh')).toBe(1);
    expect((await getScoring(world.as('scientist'), undefined)).circuit).toBe('closed');
    expect(world.audit.at(-1)).toMatchObject({ result: 'done', after: { mode: 'model' } });
    expect(await scoreCustomers(world.as('system', 'after'), undefined)).toBe('scored');
    expect(world.state).toMatchObject({ mode: 'model', shownRun: 2 });
  });

  it('wants a whole run of a model whose answers were wrong', async () => {
    const world = await scoredWorld();
    world.revision = 2;
    world.behaviour = (rows) => answering(rows.length > 10 ? ['<html>'] : rows.map(honest));
    expect(await scoreCustomers(world.as('system', 'import'), undefined)).toBe('failed');
    for (let n = 0; n < 3; n += 1) {
      expect(await look(world)).toBe('answers');
      expect(world.state.mode).toBe('fallback');
      expect((await getScoring(world.as('scientist'), undefined)).circuit).toBe('half-open');
      expect(await scoreCustomers(world.as('system', `trial-${n}`), undefined)).toBe('failed');
    }
    world.behaviour = well;
    await look(world);
    expect(await scoreCustomers(world.as('system', 'well'), undefined)).toBe('scored');
    expect(world.state).toMatchObject({ mode: 'model', breaker: { trials: 0 } });
  });

  it.each([
    ['falls silent', silent],
    ['is overrun', () => answering(['no'], 503)],
    ['is throttled', () => answering(['slow'], 429)],
    ['answers HTML', () => answering(['<html>'])],
  ] as const)('turns readers over once for a model that %s at whole batches alone', async (_, atBatches) => {
    const world = await scoredWorld();
    world.revision = 2;
    world.behaviour = (rows, request) =>
      rows.length > 10 ? atBatches(rows, request) : answering(rows.map(honest));
    const modes = [world.state.mode];
    const note = () => {
      if (modes.at(-1) !== world.state.mode) modes.push(world.state.mode);
    };
    const oneDay = world.clock + 24 * 3_600_000;
    for (let n = 0; world.clock < oneDay; n += 1) {
      await quickly(scoreCustomers(world.as('system', `run-${n}`), undefined));
      note();
      await look(world);
      note();
    }
    expect(modes).toEqual(['model', 'fallback']);
    expect(world.runs.filter(({ state }) => state === 'failed').length).toBeGreaterThan(90);
    expect(world.runs.length).toBeLessThan(24 * 6);
    world.behaviour = well;
    await look(world);
    expect(await scoreCustomers(world.as('system', 'well'), undefined)).toBe('scored');
    expect(world.state).toMatchObject({ mode: 'model', breaker: { failedRuns: 0 } });
  });

  it('finds scores that are behind although their job was lost', async () => {
    const world = await scoredWorld();
    world.revision = 2;
    world.messages.length = 0;
    expect(await look(world)).toBe('answers');
    expect(world.sent('scores.refresh')).toBe(1);
  });

  it('says nothing about a version that was activated meanwhile', async () => {
    const world = await scoredWorld();
    world.behaviour = async () => {
      world.active = modelOf(2);
      world.behaviour = well;
      await scoreCustomers(world.as('system', 'v2'), undefined);
      throw silence();
    };
    await look(world);
    expect(world.state).toMatchObject({ version: 2, mode: 'model', breaker: { failures: 0 } });
  });

  it('ends with the model, when what it scored is removed', async () => {
    const world = await scoredWorld();
    world.active = null;
    expect(await look(world)).toBe('no model');
    expect(world.state.mode).toBe('default');
    while (world.state.nextHealthCheckAt !== null) await look(world);
    expect(world.scores.size).toBe(0);
  });
});

it('the sweep has every due endpoint looked at', async () => {
  const sent: Job[] = [];
  const ctx = {
    actor: { id: 'worker', name: 'Annex', roles: ['system'] },
    now: () => new Date(0),
    ports: {
      dueHealthChecks: { due: async () => ['foo', 'bar'] },
      jobs: { send: async (job: Job) => void sent.push(job) },
    },
  } as unknown as ControlContext;
  expect(await sweepScoring(ctx, undefined)).toBe(2);
  expect(sent).toEqual([
    { kind: 'scores.look', tenantId: 'foo' },
    { kind: 'scores.look', tenantId: 'bar' },
  ]);
});
