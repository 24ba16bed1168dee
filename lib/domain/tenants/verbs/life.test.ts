import { expect, it } from 'vitest';
import { WorkbenchWorld } from '@/lib/domain/testing/workbench-world';
import { getTenant } from './get-tenant';
import { resumeTenant } from './resume-tenant';
import { suspendTenant } from './suspend-tenant';

it('administrators suspend a tenant with a reason, and resume it', async () => {
  const world = new WorkbenchWorld();
  await suspendTenant(world.asControl('admin'), { tenantId: 'foo', reason: ' Unpaid ' });
  expect((await getTenant(world.asControl('admin'), { tenantId: 'foo' })).state).toBe('suspended');
  await resumeTenant(world.asControl('admin'), { tenantId: 'foo' });
  expect(world.tenant.state).toBe('active');
  expect(world.moves.map(({ action, detail }) => [action, detail])).toEqual([
    ['tenants.suspend', { reason: 'Unpaid' }],
    ['tenants.resume', undefined],
  ]);
});

it('refuses everybody else, and a suspension without a reason', async () => {
  const world = new WorkbenchWorld();
  for (const role of ['owner', 'scientist', 'seller'] as const) {
    const ctx = world.asControl(role);
    for (const attempt of [
      suspendTenant(ctx, { tenantId: 'foo', reason: 'x' }),
      resumeTenant(ctx, { tenantId: 'foo' }),
      getTenant(ctx, { tenantId: 'foo' }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    }
  }
  await expect(
    suspendTenant(world.asControl('admin'), { tenantId: 'foo', reason: ' ' }),
  ).rejects.toMatchObject({
    fields: { reason: 'Say why.' },
  });
  await expect(getTenant(world.asControl('admin'), { tenantId: 'nobody' })).rejects.toMatchObject({
    code: 'not_found',
  });
});
