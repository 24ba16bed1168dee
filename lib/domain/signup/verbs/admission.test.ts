import { describe, expect, it } from 'vitest';
import { SignUpWorld } from '@/lib/domain/testing/sign-up-world';
import { AnnexError } from '@/lib/errors';
import { approveTenant } from './approve-tenant';
import { confirmSignUp } from './confirm-sign-up';
import { declineTenant } from './decline-tenant';
import { getSignUp } from './get-sign-up';
import { getTenantRequest } from './get-tenant-request';
import { startSignUp } from './start-sign-up';

const client = '198.51.100.1';
const olga = {
  organisation: 'Foo',
  person: 'Olga',
  email: 'olga@foo.example',
  password: 'a-password-of-2026',
  client,
};

async function requested(world = new SignUpWorld()) {
  const { id } = await startSignUp(world.asControl(), olga);
  await confirmSignUp(world.asControl(), { id, code: '123456', client });
  return { world, id };
}

describe('a requested tenant', () => {
  it('is approved: the person is its owner, gets a mail, and the onboarding begins', async () => {
    const { world, id } = await requested();
    const admin = world.asControl('admin');
    expect(await getTenantRequest(admin, { tenantId: 'foo' })).toMatchObject({
      person: 'Olga',
      email: 'olga@foo.example',
    });
    await expect(approveTenant(admin, { tenantId: 'foo', planId: 'gold' })).rejects.toMatchObject({
      fields: { planId: 'There is no plan with this id. Choose another one.' },
    });
    await approveTenant(admin, { tenantId: 'foo', planId: 'standard' });
    expect(world.tenants.get('foo')?.state).toBe('active');
    expect(world.onboardings).toMatchObject([
      {
        tenantId: 'foo',
        ownerEmail: 'olga@foo.example',
        ownerId: 'user-1-0',
        variantId: null,
        askedBy: { id: 'worker' },
      },
    ]);
    expect(world.mails).toMatchObject([
      { to: 'olga@foo.example', text: expect.stringContaining('https://annex.example/') },
    ]);
    expect(world.messages.map(({ job }) => job.kind)).toEqual(['tenants.onboard']);
    expect(world.audit.map(({ action }) => action)).toEqual([
      'sign-up.start',
      'sign-up.confirm',
      'tenants.approve',
    ]);
    expect(await getSignUp(world.asControl(), { id })).toMatchObject({ standing: 'admitted' });
  });

  it('is declined with a reason, which is mailed, and the address may sign up again', async () => {
    const { world, id } = await requested();
    await declineTenant(world.asControl('admin'), { tenantId: 'foo', reason: ' We do not know you. ' });
    expect(world.tenants.get('foo')?.state).toBe('declined');
    expect(world.mails[0]?.text).toContain('We do not know you.');
    expect(world.users.size).toBe(0);
    expect(world.onboardings).toEqual([]);
    expect(world.audit.at(-1)).toMatchObject({
      action: 'tenants.decline',
      detail: { reason: 'We do not know you.', email: 'olga@foo.example' },
    });
    expect(await getSignUp(world.asControl(), { id })).toMatchObject({ standing: 'declined' });
    await requested(world);
    expect([...world.tenants.values()].map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Foo declined',
      'Foo requested',
    ]);
  });

  it('is decided once, and not at all if the mail fails', async () => {
    const { world } = await requested();
    const admin = world.asControl('admin');
    world.mailFault = new AnnexError('dependency_failed', 'no mail');
    await expect(approveTenant(admin, { tenantId: 'foo' })).rejects.toMatchObject({
      code: 'dependency_failed',
    });
    expect(world.tenants.get('foo')?.state).toBe('requested');
    world.mailFault = null;
    await approveTenant(admin, { tenantId: 'foo' });
    for (const again of [
      approveTenant(admin, { tenantId: 'foo' }),
      declineTenant(admin, { tenantId: 'foo', reason: 'x' }),
    ]) {
      await expect(again).rejects.toMatchObject({ code: 'conflict' });
    }
  });

  it('is decided by administrators alone, and declined with a reason', async () => {
    const { world } = await requested();
    for (const role of ['owner', 'seller', 'system'] as const) {
      const ctx = world.asControl(role);
      await expect(approveTenant(ctx, { tenantId: 'foo' })).rejects.toMatchObject({ code: 'forbidden' });
      await expect(declineTenant(ctx, { tenantId: 'foo', reason: 'x' })).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    const admin = world.asControl('admin');
    await expect(declineTenant(admin, { tenantId: 'foo', reason: ' ' })).rejects.toMatchObject({
      fields: { reason: 'Say why.' },
    });
    await expect(approveTenant(admin, { tenantId: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
