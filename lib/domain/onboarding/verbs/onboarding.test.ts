import { describe, expect, it } from 'vitest';
import { OnboardingWorld } from '@/lib/domain/testing/onboarding-world';
import { AnnexError } from '@/lib/errors';
import { newOnboarding } from '../steps';
import { importTenants } from './import-tenants';
import { onboardTenant } from './onboard-tenant';
import { retryOnboarding } from './retry-onboarding';
import { sweepOnboardings } from './sweep-onboardings';
import { undoOnboarding } from './undo-onboarding';

const wanted = { tenantId: 'foo', name: 'Foo', ownerEmail: 'olga@foo.example', variantId: null };
const furnished = { ...wanted, variantId: 'prod-standard' };

describe('onboarding', () => {
  it('sets up role, policy and owner, and records who asked', async () => {
    const world = new OnboardingWorld();
    await onboardTenant(world.asControl('admin'), wanted);
    expect(world.states).toBe('tenant done, role running, policy pending, owner pending');
    await world.settle();
    expect(world.stored).toMatchObject({ state: 'done', ownerId: 'olga', variantId: null });
    expect(world.fake.pool).toEqual(['create olga@foo.example owner', 'send olga']);
    expect(world.audit.map(({ action }) => action)).toEqual([
      'tenants.onboard',
      'people.invite',
      'people.send-invitation',
      'tenants.advance-onboarding',
    ]);
  });

  it('invites nobody who has signed up, but makes that user the owner', async () => {
    const world = new OnboardingWorld();
    const askedBy = { id: 'a', name: 'admin@xyz.example' };
    world.stored = newOnboarding({ ...wanted, ownerId: 'olga', askedBy }, new Date(world.clock));
    await sweepOnboardings(world.asControl('system'), { untouchedSeconds: 0 });
    await world.settle();
    expect(world.stored).toMatchObject({ state: 'done', ownerId: 'olga' });
    expect(world.fake.pool).toEqual(['adopt olga owner']);
    expect(world.fake.stored.size).toBe(0);
  });

  it('waits for the workbench, if one is wanted', async () => {
    const world = new OnboardingWorld();
    await onboardTenant(world.asControl('admin'), furnished);
    await world.settle();
    expect(world.stored?.state).toBe('done');
    expect(world.live().state).toBe('ready');
    expect(world.aws.accounts).toHaveLength(1);
  });

  it.each([
    [{ tenantId: 'Foo' }, 'tenantId'],
    [{ tenantId: 'x' }, 'tenantId'],
    [{ tenantId: 'a'.repeat(41) }, 'tenantId'],
    [{ name: ' ' }, 'name'],
    [{ name: 'Foo\u202e' }, 'name'],
    [{ ownerEmail: 'olga' }, 'ownerEmail'],
  ])('refuses %j by field', async (wrong, field) => {
    const world = new OnboardingWorld();
    await expect(onboardTenant(world.asControl('admin'), { ...wanted, ...wrong })).rejects.toMatchObject({
      code: 'invalid',
      fields: { [field]: expect.any(String) },
    });
    expect(world.stored).toBeNull();
  });

  it('is asked for by administrators alone', async () => {
    for (const role of ['owner', 'scientist', 'seller'] as const) {
      await expect(onboardTenant(new OnboardingWorld().asControl(role), wanted)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
  });

  it('says which datasets have no policy, and goes on after a retry', async () => {
    const world = new OnboardingWorld();
    world.policies.delete('orders');
    await onboardTenant(world.asControl('admin'), wanted);
    await world.settle();
    expect(world.stored?.steps[2]).toMatchObject({
      state: 'failed',
      reason: 'No extract policy is in force for orders. Add one, then retry.',
    });
    expect(world.fake.pool).toEqual([]);
    world.policies.add('orders');
    await retryOnboarding(world.asControl('admin'), { tenantId: 'foo', attempt: 1 });
    await retryOnboarding(world.asControl('admin'), { tenantId: 'foo', attempt: 1 });
    await world.settle();
    expect(world.stored).toMatchObject({ state: 'done', attempt: 2 });
  });

  it('fails with the words of AWS when the role is refused, or the address in use', async () => {
    const world = new OnboardingWorld();
    world.roleFault = new AnnexError('dependency_denied', 'AWS denied access while assuming the role.');
    await onboardTenant(world.asControl('admin'), wanted);
    await world.settle();
    expect(world.stored?.steps[1]).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('denied'),
    });
    world.roleFault = null;
    world.fake.poolFailure = new AnnexError('conflict', 'The address is in use already.');
    await retryOnboarding(world.asControl('admin'), { tenantId: 'foo', attempt: 1 });
    await world.settle();
    expect(world.stored?.steps[3]).toMatchObject({
      state: 'failed',
      reason: 'The address is in use already.',
    });
  });

  it('tries a failed workbench again with the onboarding', async () => {
    const world = new OnboardingWorld();
    world.aws.failures.domain = 1;
    await onboardTenant(world.asControl('admin'), furnished);
    await world.settle();
    expect(world.stored).toMatchObject({ state: 'failed' });
    await retryOnboarding(world.asControl('admin'), { tenantId: 'foo', attempt: 1 });
    await world.settle();
    expect(world.stored?.state).toBe('done');
    expect(world.aws.accounts).toHaveLength(1);
  });

  it('makes one user and one account, wherever the worker is killed', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at < 60; at += 1) {
        const world = new OnboardingWorld();
        await onboardTenant(world.asControl('admin'), furnished);
        world.killer = { calls: 0, at, when };
        await world.settle();
        expect(world.stored?.state, `killed ${when} ${at}`).toBe('done');
        expect([...world.fake.users], `killed ${when} ${at}`).toEqual(['olga']);
        expect(world.aws.accounts, `killed ${when} ${at}`).toHaveLength(1);
      }
    }
  });

  it('is resumed when its job was lost', async () => {
    const world = new OnboardingWorld();
    await onboardTenant(world.asControl('admin'), wanted);
    world.messages.splice(0);
    world.clock += 120_000;
    expect(await sweepOnboardings(world.asControl('system'), { untouchedSeconds: 90 })).toBe(1);
    await world.settle();
    expect(world.stored?.state).toBe('done');
    expect(await sweepOnboardings(world.asControl('system'), { untouchedSeconds: 0 })).toBe(0);
  });
});

describe('an import', () => {
  const line = (
    n: number,
    more: Partial<Record<'tenantId' | 'name' | 'ownerEmail' | 'workbench' | 'plan', string>> = {},
  ) => ({
    line: n,
    tenantId: `shop-${n}`,
    name: `Shop ${n}`,
    ownerEmail: `o${n}@shop.example`,
    workbench: '',
    ...more,
  });

  it('says what would become of each line, and does nothing', async () => {
    const world = new OnboardingWorld();
    const rows = [
      line(2),
      line(3, { tenantId: 'Shop' }),
      line(4, { ownerEmail: 'o2@SHOP.example' }),
      line(5, { name: 'Taken Name' }),
      line(6, { workbench: 'standard' }),
      line(7, { workbench: 'huge' }),
      line(8, { tenantId: 'shop-2' }),
      line(9, { plan: ' STANDARD' }),
      line(10, { plan: 'gold' }),
    ];
    const result = await importTenants(world.asControl('admin'), { rows, dryRun: true });
    expect(
      result.map(({ line: n, outcome, reason }) => `${n} ${outcome}${reason ? `: ${reason}` : ''}`),
    ).toEqual([
      '2 ready',
      '3 refused: tenant_id: Use small letters a to z, digits and single hyphens between them.',
      '4 refused: owner_email: line 2 has the same.',
      '5 refused: name: the name Taken Name is taken.',
      '6 ready',
      '7 refused: workbench: there is no variant “huge”. There are Standard.',
      '8 refused: tenant_id: line 2 has the same.',
      '9 ready',
      '10 refused: plan: there is no plan “gold”. There are Standard.',
    ]);
    expect(world.stored).toBeNull();
    expect(world.messages).toEqual([]);
  });

  it('refuses a workbench that the plan does not include', async () => {
    const world = new OnboardingWorld();
    world.limits = { variants: ['prod-other'] };
    const rows = [line(2, { workbench: 'standard' })];
    const [result] = await importTenants(world.asControl('admin'), { rows, dryRun: true });
    expect(result?.reason).toMatch(/^workbench: The plan Standard doesn’t include this workbench/);
    const attempt = onboardTenant(world.asControl('admin'), { ...wanted, variantId: 'prod-standard' });
    await expect(attempt).rejects.toMatchObject({
      code: 'invalid',
      fields: { variantId: expect.any(String) },
    });
    const other = onboardTenant(world.asControl('admin'), { ...wanted, planId: 'gold' });
    await expect(other).rejects.toMatchObject({ code: 'invalid', fields: { planId: expect.any(String) } });
    expect(world.stored).toBeNull();
  });

  it('onboards the good lines, and says why not the others', async () => {
    const world = new OnboardingWorld();
    // The world has room for one tenant.
    const result = await importTenants(world.asControl('admin'), { rows: [line(2), line(3)], dryRun: false });
    expect(result.map(({ outcome }) => outcome)).toEqual(['onboarded', 'refused']);
    expect(world.stored).toMatchObject({ tenantId: 'shop-2', ownerEmail: 'o2@shop.example' });
  });

  it('is asked for by administrators alone, of 500 tenants at most', async () => {
    const world = new OnboardingWorld();
    const many = { rows: Array.from({ length: 501 }, (_, n) => line(n + 2)), dryRun: true };
    await expect(importTenants(world.asControl('admin'), many)).rejects.toMatchObject({ code: 'invalid' });
    await expect(
      importTenants(world.asControl('owner'), { rows: [line(2)], dryRun: true }),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('undo', () => {
  const failedAtOwner = async () => {
    const world = new OnboardingWorld();
    world.fake.poolFailure = new AnnexError('conflict', 'In use.');
    await onboardTenant(world.asControl('admin'), wanted);
    await world.settle();
    world.fake.poolFailure = null;
    return world;
  };

  it('removes what was made, and closes the tenant', async () => {
    const world = await failedAtOwner();
    world.fake.users.add('olga');
    await undoOnboarding(world.asControl('admin'), { tenantId: 'foo' });
    await world.settle();
    expect(world.stored?.state).toBe('undone');
    expect(world.tenant.state).toBe('closed');
    expect([...world.fake.users]).toEqual([]);
  });

  it('is refused while it runs, and once there is an account', async () => {
    const running = new OnboardingWorld();
    await onboardTenant(running.asControl('admin'), wanted);
    const undo = (world: OnboardingWorld) => undoOnboarding(world.asControl('admin'), { tenantId: 'foo' });
    await expect(undo(running)).rejects.toMatchObject({ code: 'conflict' });
    const world = await failedAtOwner();
    world.tenant = { ...world.tenant, accountId: '111111111111' };
    await expect(undo(world)).rejects.toMatchObject({ code: 'conflict' });
    expect(world.stored?.state).toBe('failed');
  });
});
