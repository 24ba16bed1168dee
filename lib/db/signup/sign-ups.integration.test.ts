import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { newOnboarding } from '@/lib/domain/onboarding/steps';
import type { SignUp } from '@/lib/domain/signup/ports';
import { dayMs } from '@/lib/domain/time';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { onboardings } from '../onboarding/onboardings';
import { signUps } from './sign-ups';

let postgres: TestDatabase;
const all = signUps();
const at = new Date('2026-03-01T10:00:00.123Z');

beforeAll(async () => {
  postgres = await startTestDatabase(['foo']);
});
afterAll(() => postgres?.stop());

const event = (action: AuditEvent['action'], subject: string): AuditEvent => ({
  action,
  subject,
  actorId: 'a',
  actorName: 'admin@xyz.example',
  requestId: 'r',
});
const signUp = (id: string, more: Partial<SignUp> = {}): SignUp => ({
  id,
  organisation: `Name of ${id}`,
  person: 'Olga',
  email: `${id}@foo.example`,
  userId: `sub-${id}`,
  createdAt: at,
  expiresAt: new Date(at.getTime() + dayMs),
  confirmedAt: null,
  tenantId: null,
  ...more,
});
const confirmed = async (id: string) => {
  await all.add(signUp(id));
  await all.confirm(id, at);
};
const request = (id: string, name = `Name of ${id}`, ids: readonly string[] = [id]) =>
  all.request(id, { name, ids }, (tenantId) => event('sign-up.confirm', `tenant/${tenantId}`));
const stateOf = async (id: string) =>
  (await withControl((tx) => tx.tenant.findUnique({ where: { id } })))?.state ?? null;

describe('sign-ups', () => {
  it('are kept, counted by address, and end', async () => {
    await all.add(signUp('one'));
    expect(await all.get('one')).toEqual(signUp('one'));
    expect(await all.get('nobody')).toBeNull();
    expect(await all.recent('ONE@foo.example', at)).toEqual({ count: 1, known: false });
    await all.add(signUp('two', { email: 'one@foo.example', userId: null }));
    expect(await all.recent('one@foo.example', at)).toEqual({ count: 2, known: true });
    expect(await all.recent('one@foo.example', new Date(at.getTime() + 1))).toEqual({
      count: 0,
      known: false,
    });
    const end = new Date(at.getTime() + dayMs);
    expect(await all.expired(new Date(end.getTime() - 1), 10)).toEqual([]);
    expect((await all.expired(end, 1)).length).toBe(1);
    for (const { id } of await all.expired(end, 10)) await all.remove(id);
    expect(await all.get('one')).toBeNull();
  });

  it('count no more than they may, also at once', async () => {
    await all.add(signUp('counted'));
    const results = await Promise.all(Array.from({ length: 8 }, () => all.count('counted', 'tries', 3)));
    expect(results.filter(Boolean)).toHaveLength(3);
    expect(await all.count('counted', 'resends', 1)).toBe(true);
    expect(await all.count('nobody', 'tries', 3)).toBe(false);
  });

  it('ask for a tenant once they are confirmed, once', async () => {
    await all.add(signUp('early'));
    await expect(request('early')).rejects.toMatchObject({ code: 'not_found' });
    await confirmed('asks');
    expect(await request('asks', 'New Name', ['foo', 'asks'])).toBe('asks');
    expect(await request('asks', 'Other', ['other'])).toBe('asks');
    expect(await all.ofTenant('asks')).toMatchObject({
      id: 'asks',
      organisation: 'New Name',
      confirmedAt: at,
    });
    expect([await stateOf('asks'), await stateOf('other')]).toEqual(['requested', null]);
    expect(await withTenant('asks', (tx) => tx.auditEvent.count())).toBe(1);
    // What asks for a tenant does not expire.
    expect((await all.expired(new Date('2100-01-01'), 100)).map(({ id }) => id)).not.toContain('asks');
    await all.remove('asks');
    expect(await all.get('asks')).not.toBeNull();
  });

  it('are refused a name that an open tenant has, and free ids that there are not, and add nothing', async () => {
    await confirmed('late');
    await expect(request('late', 'fOO')).rejects.toMatchObject({
      code: 'conflict',
      message: 'This name is taken. Choose another, or ask your colleagues for an invitation.',
      fields: { organisation: expect.any(String) },
    });
    await expect(request('late', 'Fresh', ['foo'])).rejects.toMatchObject({ code: 'conflict', fields: {} });
    expect(await all.get('late')).toMatchObject({ tenantId: null });
    await Promise.all(['left', 'right'].map(confirmed));
    const results = await Promise.allSettled(['left', 'right'].map((id) => request(id, 'Same Name')));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are seen by no tenant', async () => {
    for (const query of ['SELECT FROM sign_up', 'DELETE FROM sign_up']) {
      await expect(withTenant('foo', (tx) => tx.$executeRawUnsafe(query))).rejects.toMatchObject({
        code: 'dependency_denied',
      });
    }
  });
});

describe('a requested tenant', () => {
  const requested = async (id: string) => {
    await confirmed(id);
    return request(id);
  };
  const onboardingOf = (tenantId: string) =>
    newOnboarding(
      {
        tenantId,
        ownerEmail: 'olga@foo.example',
        ownerId: 'sub',
        variantId: null,
        askedBy: { id: 'a', name: 'admin@xyz.example' },
      },
      at,
    );

  it('is admitted together with its onboarding and the audit event', async () => {
    await requested('in');
    await all.decide('in', async (tenant, { userId }) => {
      expect([tenant.state, userId]).toEqual(['requested', 'sub-in']);
      return {
        to: 'active',
        planId: 'standard',
        onboarding: onboardingOf('in'),
        event: event('tenants.approve', 'tenant/in'),
      };
    });
    expect(await stateOf('in')).toBe('active');
    expect(await onboardings().get('in')).toEqual(onboardingOf('in'));
    expect(await withTenant('in', (tx) => tx.auditEvent.count())).toBe(2);
  });

  it('is decided once, and stays as it is when the work fails', async () => {
    await requested('once');
    await expect(all.decide('once', () => Promise.reject(new Error('no mail')))).rejects.toThrow('no mail');
    expect(await stateOf('once')).toBe('requested');
    let works = 0;
    const decline = () =>
      all.decide('once', async () => {
        works += 1;
        return { to: 'declined', event: event('tenants.decline', 'tenant/once') };
      });
    const results = await Promise.allSettled([decline(), decline(), decline()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(works).toBe(1);
    expect(await stateOf('once')).toBe('declined');
    await expect(decline()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is none that an administrator onboarded, or that is not there', async () => {
    for (const id of ['foo', 'nobody']) {
      const decide = all.decide(id, () => expect.unreachable('work was done'));
      await expect(decide).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('that was declined leaves its name to others', async () => {
    await requested('gone');
    await all.decide('gone', async () => ({
      to: 'declined',
      event: event('tenants.decline', 'tenant/gone'),
    }));
    await confirmed('next');
    expect(await request('next', 'Name of gone')).toBe('next');
  });
});
