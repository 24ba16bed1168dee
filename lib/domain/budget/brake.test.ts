import { expect, it } from 'vitest';
import { getBrake } from '@/lib/domain/costs/verbs/get-brake';
import { retryExtract } from '@/lib/domain/extracts/verbs/retry-extract';
import { submitExtract } from '@/lib/domain/extracts/verbs/submit-extract';
import { ExtractWorld } from '@/lib/domain/testing/extract-world';
import { WorkbenchWorld } from '@/lib/domain/testing/workbench-world';
import { launchStudio } from '@/lib/domain/workbench/verbs/launch-studio';
import { requestWorkbench } from '@/lib/domain/workbench/verbs/request-workbench';
import type { TenantContext } from '../context';
import type { SpendStanding } from './ports';

const stops = { monthlyBudgetUsd: 10, budgetBrake: 'stop' } as const;
const draft = { dataset: 'orders' } as const;

/** `ctx`, for a tenant that has spent so much in March. */
const spending = (ctx: TenantContext, usd: number): TenantContext => {
  const standing: SpendStanding = {
    ...{ measuredUntil: ctx.now(), runRate: 0, unpriced: [], month: '2026-03-01', usd },
    ...{ failingSince: null, failure: null },
  };
  return {
    ...ctx,
    ports: new Proxy(ctx.ports, {
      get: (ports, name) =>
        name === 'spend' ? { standing: async () => standing } : Reflect.get(ports, name),
    }),
  };
};

it('refuses extracts while the budget is spent, and nothing else changes', async () => {
  const world = new ExtractWorld();
  world.limits = stops;
  const submit = (usd: number) => submitExtract(spending(world.as('scientist'), usd), { draft });
  await expect(submit(10)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/budget of 10 USD for March 2026.*New extracts wait until April 2026/),
  });
  expect(world.extracts.size).toBe(0);
  const { requestId } = await submit(9.99);
  const extract = world.extracts.get(requestId);
  if (extract) world.extracts.set(requestId, { ...extract, state: 'failed' });
  await expect(retryExtract(spending(world.as('scientist'), 10), { requestId })).rejects.toMatchObject({
    message: expect.stringMatching(/Extracts wait until April 2026/),
  });
});

it('refuses Studio while the budget is spent', async () => {
  const world = new WorkbenchWorld();
  await requestWorkbench(world.as('scientist'), {
    variantId: 'prod-standard',
    parameters: { InstanceType: 'ml.m5.xlarge' },
  });
  await world.work(({ state }) => state === 'ready');
  world.limits = stops;
  await expect(launchStudio(spending(world.as('scientist'), 10), undefined)).rejects.toMatchObject({
    message: expect.stringMatching(/New Studio sessions wait until April 2026/),
  });
  expect(world.profiles.size).toBe(0);
  expect(await getBrake(spending(world.as('scientist'), 10), undefined)).toMatch(/budget of 10 USD/);
  expect(await getBrake(spending(world.as('scientist'), 9), undefined)).toBeNull();
  world.limits = { ...stops, budgetBrake: 'warn' };
  await launchStudio(spending(world.as('scientist'), 10), undefined);
});
