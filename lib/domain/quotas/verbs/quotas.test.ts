import { expect, it } from 'vitest';
import type { TenantContext } from '@/lib/domain/context';
import { ExtractWorld } from '@/lib/domain/testing/extract-world';
import { FakePeople, somebody } from '@/lib/domain/testing/fake-people';
import { FakeEndpoints, modelThat } from '@/lib/domain/testing/model-world';
import { standardPlan } from '@/lib/domain/testing/standard-plan';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { AnnexError } from '@/lib/errors';
import type { Role } from '../../actor';
import { submitExtract } from '../../extracts/verbs/submit-extract';
import { useOf } from '../use';
import { getQuotas } from './get-quotas';
import { getQuotasOfTenant } from './get-quotas-of-tenant';

class QuotaWorld extends ExtractWorld {
  readonly fake = new FakePeople(() => new Date(this.clock), this.audit);
  readonly hosted = new FakeEndpoints().host('churn-a', modelThat()).host('idle', modelThat());
  workbench: Partial<WorkbenchRequest> | null = {
    accountId: '111111111111',
    variant: { id: 'prod-1', artifactId: 'a', name: 'Standard' },
  };

  owner(role: Role = 'owner'): TenantContext {
    const ctx = super.as(role);
    const models = {
      countEndpoints: async (names: readonly string[]) =>
        names.filter((name) => ['churn-a', 'gone'].includes(name)).length,
    };
    const workbenches = { live: async () => this.workbench };
    const more = { people: this.fake.people, endpoints: this.hosted, models, workbenches };
    return {
      ...ctx,
      ports: { ...ctx.ports, plan: ctx.ports.plan, extracts: ctx.ports.extracts, ...more } as never,
    };
  }

  admin(role: Role = 'admin') {
    const { ports } = this.owner();
    return this.controlContext(role, { uses: { of: (_, now) => useOf(ports, now) } });
  }
}

it('tells owners and administrators the same of limits and use', async () => {
  const world = new QuotaWorld();
  world.limits = { people: 5, extractsPerDay: 2 };
  for (const id of ['olga', 'ada']) world.fake.stored.set(id, somebody(id));
  await submitExtract(world.as('scientist'), { draft: { dataset: 'orders' } });
  await world.work(() => world.glue.active() === 1);
  const quotas = await getQuotas(world.owner(), undefined);
  expect(quotas).toMatchObject({
    plan: standardPlan({ people: 5, extractsPerDay: 2 }),
    uses: {
      people: { count: 2 },
      extractsPerDay: { count: 1 },
      runsAtOnce: { count: 1 },
      endpoints: { count: 1 },
    },
    variant: { id: 'prod-1', name: 'Standard' },
  });
  expect(await getQuotasOfTenant(world.admin(), { tenantId: 'foo' })).toEqual(quotas);
  world.clock = Date.parse('2026-03-02T00:00:00Z');
  expect((await getQuotas(world.owner(), undefined)).uses.extractsPerDay).toEqual({ count: 0 });
});

it('asks no account that is not there, and says what could not be counted', async () => {
  const world = new QuotaWorld();
  world.hosted.list = () => Promise.reject(new AnnexError('dependency_denied', 'SageMaker refused.'));
  expect((await getQuotas(world.owner(), undefined)).uses).toMatchObject({
    people: { count: 0 },
    endpoints: { refusal: 'SageMaker refused.' },
  });
  world.workbench = null;
  expect(await getQuotas(world.owner(), undefined)).toMatchObject({
    uses: { endpoints: { count: 0 } },
    variant: null,
    variantRefusal: null,
  });
});

it('is for owners of the tenant, and for administrators', async () => {
  const world = new QuotaWorld();
  for (const role of ['scientist', 'member', 'admin', 'seller'] as const) {
    await expect(getQuotas(world.owner(role), undefined)).rejects.toMatchObject({ code: 'forbidden' });
  }
  for (const role of ['owner', 'scientist', 'seller', 'system'] as const) {
    const attempt = getQuotasOfTenant(world.admin(role), { tenantId: 'foo' });
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
  }
});
