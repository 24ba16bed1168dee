import { describe, expect, it } from 'vitest';
import { standard as variant } from '@/lib/domain/testing/fake-aws';
import { PlanWorld } from '@/lib/domain/testing/plan-world';
import { standardLimits } from '@/lib/domain/testing/standard-plan';
import { assignPlan } from './assign-plan';
import { changePlan } from './change-plan';
import { createPlan } from './create-plan';
import { listPlans } from './list-plans';
import { retirePlan } from './retire-plan';
import { viewPlan } from './view-plan';

const team = {
  id: 'team',
  name: ' Team ',
  limits: { ...standardLimits, people: 5, variants: [variant.id, variant.id] },
  note: ' ',
};

describe('an administrator', () => {
  it('adds a plan, changes it, gives it to a tenant and takes it back', async () => {
    const world = new PlanWorld();
    const ctx = world.as('admin');
    await createPlan(ctx, team);
    expect(
      await changePlan(ctx, {
        id: 'team',
        base: 1,
        limits: { ...standardLimits, people: 8, budgetBrake: 'stop', monthlyBudgetUsd: 200 },
        note: 'More people',
      }),
    ).toBe(2);
    const { plan, steps, more } = await viewPlan(ctx, { id: 'team' });
    expect([plan.name, more]).toEqual(['Team', false]);
    expect(steps.map(({ version, changes }) => [version.version, version.note, changes])).toEqual([
      [
        2,
        'More people',
        [
          { limit: 'variants', from: [variant.id], to: null },
          { limit: 'people', from: 5, to: 8 },
          { limit: 'monthlyBudgetUsd', from: null, to: 200 },
          { limit: 'budgetBrake', from: 'warn', to: 'stop' },
        ],
      ],
      [1, null, null],
    ]);
    await assignPlan(ctx, { tenantId: 'foo', from: 'standard', to: 'team' });
    await assignPlan(ctx, { tenantId: 'foo', from: 'team', to: 'team' });
    await expect(retirePlan(ctx, { id: 'team' })).rejects.toMatchObject({ code: 'conflict' });
    await assignPlan(ctx, { tenantId: 'foo', from: 'team', to: 'standard' });
    await retirePlan(ctx, { id: 'team' });
    expect(
      (await listPlans(ctx, undefined)).map(({ id, tenants, retiredAt }) => [
        id,
        tenants,
        retiredAt === null,
      ]),
    ).toEqual([
      ['standard', 1, true],
      ['team', 0, false],
    ]);
    expect(world.audit.map(({ action, before, after }) => [action, before, after])).toMatchObject([
      ['plans.create', undefined, { people: 5, variants: variant.id }],
      ['plans.change', { people: 5 }, { people: 8, variants: null }],
      ['plans.assign', { plan: 'standard' }, { plan: 'team' }],
      ['plans.assign', { plan: 'team' }, { plan: 'standard' }],
      ['plans.retire', undefined, undefined],
    ]);
  });

  it('is told of a change by somebody else, and of one that changes nothing', async () => {
    const ctx = new PlanWorld().as('admin');
    const change = { id: 'standard', base: 1, limits: { ...standardLimits, people: 3 }, note: null };
    await expect(changePlan(ctx, { ...change, limits: standardLimits })).rejects.toMatchObject({
      code: 'invalid',
      message: 'Version 1 says the same. Nothing was changed.',
    });
    await changePlan(ctx, change);
    await expect(changePlan(ctx, change)).rejects.toMatchObject({ code: 'conflict' });
    await expect(changePlan(ctx, { ...change, id: 'nothing' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(viewPlan(ctx, { id: 'nothing' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['limits.people', { people: 0 }],
    ['limits.people', { people: 1.5 }],
    ['limits.extractsPerDay', { extractsPerDay: -1 }],
    ['limits.monthlyBudgetUsd', { monthlyBudgetUsd: Number.NaN }],
    ['limits.variants', { variants: [] }],
    ['limits.variants', { variants: ['prod-nothing'] }],
    ['limits.budgetBrake', { budgetBrake: 'explode' as 'stop' }],
  ])('is told that %s is not right: %o', async (field, limits) => {
    const world = new PlanWorld();
    const attempt = createPlan(world.as('admin'), { ...team, limits: { ...standardLimits, ...limits } });
    await expect(attempt).rejects.toMatchObject({ code: 'invalid', fields: { [field]: expect.any(String) } });
    expect(world.plans.size).toBe(1);
  });

  it('keeps a workbench that Service Catalog no longer offers, but adds none', async () => {
    const ctx = new PlanWorld().as('admin');
    await createPlan(ctx, team);
    const change = { id: 'team', base: 1, limits: { ...team.limits, people: 9 }, note: null };
    expect(await changePlan(ctx, change)).toBe(2);
    const worse = { ...change, base: 2, limits: { ...change.limits, variants: [variant.id, 'prod-gone'] } };
    await expect(changePlan(ctx, worse)).rejects.toMatchObject({ code: 'invalid' });
  });
});

it('nobody else reaches plans', async () => {
  const world = new PlanWorld();
  for (const role of ['owner', 'scientist', 'seller', 'system'] as const) {
    const ctx = world.as(role);
    for (const attempt of [
      listPlans(ctx, undefined),
      viewPlan(ctx, { id: 'standard' }),
      createPlan(ctx, team),
      changePlan(ctx, { id: 'standard', base: 1, limits: team.limits, note: null }),
      assignPlan(ctx, { tenantId: 'foo', from: 'standard', to: 'team' }),
      retirePlan(ctx, { id: 'standard' }),
    ]) {
      await expect(attempt, role).rejects.toMatchObject({ code: 'forbidden' });
    }
  }
});
