import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { answering, deploymentOf, endpointOf, honest, lineOf, modelOf } from '../testing/scored-model';
import { expectHonest, ScoringWorld } from '../testing/scoring-world';
import { limits } from './limits';
import { checkEndpointHealth } from './verbs/check-endpoint-health';
import { compareWithDefault } from './verbs/compare-with-default';
import { scoreCustomers } from './verbs/score-customers';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const tested = endpointOf(modelOf(1));
const another = { ...tested, deployment: deploymentOf('churn-1-2') };
const score = (world: ScoringWorld, message = 'message-1') =>
  scoreCustomers(world.as('system', message), undefined);

async function scoredWorld(): Promise<ScoringWorld> {
  const world = new ScoringWorld(20);
  expect(await score(world)).toBe('scored');
  return world;
}

async function lookUntil(world: ScoringWorld, mode: ScoringWorld['state']['mode']): Promise<void> {
  for (let looks = 0; looks < 10 && world.state.mode !== mode; looks += 1) {
    world.clock = Math.max(world.clock, world.state.nextHealthCheckAt?.getTime() ?? 0);
    await checkEndpointHealth(world.as('system', 'look'), undefined);
  }
  expect(world.state.mode).toBe(mode);
}

describe('an endpoint that serves another model than was tested', () => {
  it('is asked nothing, and everybody has the default’s score', async () => {
    const world = new ScoringWorld(20);
    world.served = () => another;
    expect(await score(world)).toBe('failed');
    expect(world.asked).toEqual([]);
    const reason =
      'churn-1 no longer serves the model that was tested as version 1 (it serves the configuration churn-1-2; version 1 was churn-1-1). Test and activate what it serves, or deploy the tested model again.';
    expect(world.run()).toMatchObject({ state: 'failed', failure: reason });
    expect(world.state).toMatchObject({ mode: 'fallback', reason });
    expect(world.seen()).toBeNull();
  });

  it.each([
    ['served', another],
    ['on its way', { ...tested, status: 'Updating', pendingConfigName: 'churn-1-2' }],
    ['behind a configuration that was made anew', { ...tested, deployment: made('2026-03-02') }],
    ['gone', null],
  ] as const)('in the middle of a run, being %s, costs the run', async (_how, served) => {
    const world = new ScoringWorld(limits.batchRows * 2);
    world.behaviour = (rows) => {
      world.served = () => served;
      return answering(rows.map(honest));
    };
    expect(await score(world)).toBe('failed');
    expect(world.run()).toMatchObject({ state: 'failed', rowsDone: limits.batchRows * 2 });
    expect(world.seen()).toBeNull();
  });

  it('is noticed without a run, and forgotten when the tested one is served again', async () => {
    const world = await scoredWorld();
    world.served = () => another;
    world.asked.length = 0;
    await lookUntil(world, 'fallback');
    expect(world.asked).toEqual([]);
    expect(world.state.reason).toContain('no longer serves the model that was tested');
    world.served = () => tested;
    await lookUntil(world, 'model');
    expect(world.state.shownRun).toBe(1);
    expectHonest(world);
  });

  it('is not compared with the default', async () => {
    const world = await scoredWorld();
    world.pastRows = [
      { features: lineOf({ recencyDays: 1 }), repeats: 0, recency: 0, age: 9, ordered: true },
    ];
    world.served = () => another;
    const comparison = await compareWithDefault(world.as('system'), undefined);
    expect(comparison?.outcome).toMatchObject({
      known: false,
      reason: expect.stringContaining('no longer serves the model that was tested'),
    });
  });
});

describe('an endpoint', () => {
  it('may be scaled in the middle of a run', async () => {
    const world = new ScoringWorld(20);
    world.behaviour = (rows) => {
      world.served = () => ({ ...tested, status: 'Updating', changedAt: new Date(world.clock) });
      return answering(rows.map(honest));
    };
    expect(await score(world)).toBe('scored');
    expectHonest(world);
  });

  it('of which SageMaker says nothing costs the run, with what SageMaker said', async () => {
    const world = new ScoringWorld(20);
    world.served = () => {
      throw new AnnexError('dependency_denied', 'AWS refused.');
    };
    expect(await score(world)).toBe('failed');
    expect(world.state).toMatchObject({
      mode: 'fallback',
      reason: 'AWS refused.',
      breaker: { cause: 'unreachable' },
    });
  });

  it('is looked at twice in a run, however long that is', async () => {
    const world = new ScoringWorld(limits.batchRows * 3);
    let looks = 0;
    world.served = () => {
      looks += 1;
      return tested;
    };
    expect(await score(world)).toBe('scored');
    expect(looks).toBe(2);
  });
});

function made(day: string) {
  return { ...tested.deployment, configCreatedAt: new Date(day) };
}
