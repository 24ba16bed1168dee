import { describe, expect, it } from 'vitest';
import { refuseWhileBraked } from '@/lib/domain/budget/brake';
import { CostsWorld } from '@/lib/domain/testing/costs-world';
import { survive } from '@/lib/domain/testing/crash';
import { appOf, endpointOf } from '@/lib/domain/testing/running-world';
import { AnnexError } from '@/lib/errors';
import { mailBudgetNotices } from './mail-budget-notices';
import { measureSpend } from './measure-spend';

const hour = 3_600_000;
const measure = (world: CostsWorld) => measureSpend(world.as('system'), undefined);
/** A world with an endpoint of 0.23 USD an hour and an app of 0.05, measured at ten o’clock of 1 March. */
async function spending(limits: CostsWorld['limits'] = {}): Promise<CostsWorld> {
  const world = new CostsWorld();
  world.limits = limits;
  world.tenant = { ...world.tenant, createdAt: new Date(world.clock) };
  const variants = [{ name: 'v', instanceType: 'ml.m5.xlarge', instances: 1, serverless: false }];
  world.running.up.apps.push(appOf('ada', { since: new Date(world.clock) }));
  world.running.up.endpoints.push(endpointOf('churn', { since: new Date(world.clock), variants }));
  await measure(world);
  return world;
}
async function hours(world: CostsWorld, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    world.clock += hour;
    await measure(world);
  }
}
const budgetEvents = (world: CostsWorld) =>
  world.audit.filter(({ action }) => action === 'costs.measure').map(({ detail }) => detail);

describe('measuring', () => {
  it('adds up, hour by hour', async () => {
    const world = await spending();
    await hours(world, 3);
    expect(world.spent).toMatchObject({ month: '2026-03-01', measuredUntil: new Date(world.clock) });
    expect(world.spent?.usd).toBeCloseTo(0.84, 6);
    expect(world.spent?.runRate).toBeCloseTo(0.28, 6);
  });

  it('measures once, whatever comes twice', async () => {
    const world = await spending();
    world.clock += hour;
    expect(await Promise.all([measure(world), measure(world)])).toEqual(['measured', 'measured']);
    expect(await measure(world)).toBe('fresh');
    expect(world.spent?.usd).toBeCloseTo(0.28, 6);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('loses and doubles nothing after a kill at call %i', async (at) => {
    for (const when of ['before', 'after'] as const) {
      const world = await spending({ monthlyBudgetUsd: 1, budgetBrake: 'stop' });
      await hours(world, 2);
      world.clock += 2 * hour;
      world.killer = { calls: 0, at, when, forGood: true };
      await survive(() => measure(world));
      world.killer = null;
      world.clock += 30_000;
      await measure(world);
      world.clock += 30_000;
      await measure(world);
      expect(world.spent?.usd).toBeCloseTo(1.12, 1);
      expect(world.notices.map(({ percent }) => percent)).toEqual([80, 100]);
      expect(world.running.up.apps).toEqual([]);
      expect(budgetEvents(world).filter((detail) => detail?.percent === 100)).toHaveLength(1);
    }
  });

  it('keeps why it fails, and makes up for it', async () => {
    const world = await spending();
    world.running.faults.endpoints = new AnnexError('dependency_denied', 'AWS denied access.');
    world.clock += hour;
    const failedAt = new Date(world.clock);
    expect(await measure(world)).toBe('failed');
    await hours(world, 1);
    expect(world.spent).toMatchObject({ usd: 0, failure: 'AWS denied access.', failingSince: failedAt });
    delete world.running.faults.endpoints;
    await hours(world, 1);
    expect(world.spent).toMatchObject({ failure: null, failingSince: null });
    expect(world.spent?.usd).toBeCloseTo(0.84, 6);
    expect([...world.days.values()]).toMatchObject([{ unseenSeconds: 3 * 3600 }]);
  });

  it('waits for a workbench, and for an account', async () => {
    const world = new CostsWorld();
    world.workbench = 'provisioning';
    expect(await measure(world)).toBe('not ready');
    world.workbench = 'ready';
    world.tenant = { ...world.tenant, accountId: null };
    expect(await measure(world)).toBe('not ready');
  });
});

describe('a budget', () => {
  it('tells owners at 80 and at 100 percent, once each, and stops nothing without a brake', async () => {
    const world = await spending({ monthlyBudgetUsd: 1 });
    await hours(world, 6);
    expect(world.notices.map(({ percent, brakes }) => [percent, brakes])).toEqual([
      [80, false],
      [100, false],
    ]);
    expect(await mailBudgetNotices(world.asControl('system'), undefined)).toBe(2);
    expect(await mailBudgetNotices(world.asControl('system'), undefined)).toBe(0);
    expect(world.mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['owner@foo.example', '80 % of the budget for March 2026 is spent'],
      ['owner@foo.example', 'The whole budget for March 2026 is spent'],
    ]);
    expect(world.mails[0]?.text).toContain('$0.84 of its budget of $1.00');
    expect(world.running.stopped).toEqual([]);
    await expect(refuseWhileBraked(world.as('scientist'), 'New extracts')).resolves.toBeUndefined();
  });

  it('mails again what was interrupted, and nobody who is disabled', async () => {
    const world = await spending({ monthlyBudgetUsd: 1 });
    await hours(world, 3);
    world.people = [
      { email: 'gone@foo.example', roles: ['owner'], disabledAt: new Date(0) },
      ...world.people,
    ];
    world.killer = { calls: 0, at: 3, when: 'after', forGood: true };
    await survive(() => mailBudgetNotices(world.asControl('system'), undefined));
    world.killer = null;
    await mailBudgetNotices(world.asControl('system'), undefined);
    expect(new Set(world.mails.map(({ to }) => to))).toEqual(new Set(['owner@foo.example']));
    expect(world.audit.filter(({ action }) => action === 'costs.warn')).toHaveLength(1);
  });

  it('with a brake stops apps, again if somebody starts one, and refuses new work in plain words', async () => {
    const world = await spending({ monthlyBudgetUsd: 1, budgetBrake: 'stop' });
    await hours(world, 4);
    expect(world.running.stopped).toEqual(['app ada']);
    expect(world.running.up.endpoints).toHaveLength(1);
    await expect(refuseWhileBraked(world.as('scientist'), 'New extracts')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/budget of 1 USD for March 2026.*New extracts wait until April 2026/),
    });
    world.running.up.apps.push(appOf('bob', { since: new Date(world.clock) }));
    await hours(world, 1);
    expect(world.running.stopped).toEqual(['app ada', 'app bob']);
    const stops = world.audit.filter(({ action }) => action === 'running.stop');
    expect(stops.map(({ subject, detail }) => [subject, detail?.because])).toEqual([
      ['app/d-1/ada/JupyterLab/default', 'over budget'],
      ['app/d-1/bob/JupyterLab/default', 'over budget'],
    ]);
    expect(budgetEvents(world)).toEqual([
      { month: '2026-03-01', percent: 80, spent: 0.84, budget: 1, brake: false },
      { month: '2026-03-01', percent: 100, spent: 1.12, budget: 1, brake: true },
    ]);
  });

  it('that is raised takes the brake off at once, and says so in the audit', async () => {
    const world = await spending({ monthlyBudgetUsd: 1, budgetBrake: 'stop' });
    await hours(world, 4);
    world.limits = { monthlyBudgetUsd: 100, budgetBrake: 'stop' };
    await expect(refuseWhileBraked(world.as('scientist'), 'New extracts')).resolves.toBeUndefined();
    await hours(world, 2);
    expect(budgetEvents(world).filter((detail) => detail?.brake === false && !detail?.percent)).toEqual([
      { month: '2026-03-01', spent: 1.35, budget: 100, brake: false },
    ]);
  });

  it('begins anew with the month', async () => {
    const world = await spending({ monthlyBudgetUsd: 1, budgetBrake: 'stop' });
    await hours(world, 4);
    world.clock = Date.parse('2026-04-01T00:00:10Z');
    await expect(refuseWhileBraked(world.as('scientist'), 'New extracts')).resolves.toBeUndefined();
    await hours(world, 1);
    expect(world.spent).toMatchObject({ month: '2026-04-01' });
    expect(budgetEvents(world).at(-1)).toMatchObject({ month: '2026-03-01', brake: false });
  });
});
