import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import {
  endSessions,
  findPersonState,
  peopleDirectory,
  recordUser,
  type SessionKey,
  type TokenUser,
} from './users';

let postgres: TestDatabase;

beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar', 'shut']);
});
afterAll(() => postgres?.stop());

let people = 0;
const token = (more: Partial<TokenUser> = {}): TokenUser => {
  people += 1;
  return {
    sub: `u-${people}`,
    email: 'a@foo.example',
    roles: ['scientist'],
    tenantId: 'foo',
    sellerId: null,
    ...more,
  };
};
const signIn = async (user: TokenUser): Promise<SessionKey> => ({
  sub: user.sub,
  tenantId: user.tenantId,
  signedInAt: (await recordUser(user)).signedInAt,
});
const ended = async (session: SessionKey) => (await findPersonState(session)).ended;
const rowOf = (sub: string) => withControl((tx) => tx.appUser.findUnique({ where: { sub } }));
const setTenantState = (id: string, state: string) =>
  withControl((tx) => tx.tenant.update({ where: { id }, data: { state } }));

describe('users', () => {
  it('are written at sign-in, and stay disabled', async () => {
    const user = token();
    await recordUser(user);
    expect(await rowOf(user.sub)).toMatchObject({ ...user, disabledAt: null, sessionsValidAfter: null });
    await withControl((tx) =>
      tx.appUser.update({ where: { sub: user.sub }, data: { disabledAt: new Date(1000) } }),
    );
    await Promise.all([1, 2, 3].map(() => recordUser({ ...user, roles: ['member'] })));
    expect(await rowOf(user.sub)).toMatchObject({ roles: ['member'], disabledAt: new Date(1000) });
  });

  it('are seen by their own tenant alone', async () => {
    const mine = token({ tenantId: 'bar' });
    await recordUser(mine);
    expect(await recordUser(token({ tenantId: 'unheard-of' }))).toMatchObject({ tenantId: null });
    expect(await recordUser(token({ tenantId: null }))).toMatchObject({ tenantId: null });
    expect(await withTenant('bar', (tx) => tx.appUser.findMany({ select: { sub: true } }))).toEqual([
      { sub: mine.sub },
    ]);
  });
});

describe('a session', () => {
  it('goes on after other sign-ins and renewals of the same person', async () => {
    const user = token();
    const session = await signIn(user);
    await signIn(user);
    await recordUser({ ...user, email: 'new@foo.example' });
    expect(await findPersonState(session)).toMatchObject({
      disabled: false,
      ended: false,
      tenant: { id: 'foo', state: 'active' },
    });
  });

  it('is over after a sign-out in any browser; a sign-in right afterwards begins another', async () => {
    const user = token();
    for (let round = 0; round < 20; round += 1) {
      const sessions = [await signIn(user), await signIn(user)];
      for (const session of sessions) expect(await ended(session)).toBe(false);
      await endSessions(sessions[0] as SessionKey);
      for (const session of sessions) expect(await ended(session)).toBe(true);
    }
    const stranger = await signIn(token());
    await endSessions(await signIn(user));
    expect(await ended(stranger)).toBe(false);
  });

  it.each([
    ['other roles', { roles: ['member'] }],
    ['no role', { roles: [] }],
    ['another tenant', { tenantId: 'bar' }],
    ['no tenant', { tenantId: null }],
  ])('is over once a token gives %s, and stays so when the old ones are back', async (_, change) => {
    const user = token();
    const old = await signIn(user);
    const changed = await signIn({ ...user, ...change });
    expect(await ended(old)).toBe(true);
    expect(await ended(changed)).toBe(false);
    await recordUser(user);
    expect(await ended(old)).toBe(true);
    expect(await ended(changed)).toBe(true);
  });

  it('is over once the person is disabled, and stays so when enabled', async () => {
    const session = await signIn(token({ email: 'Ada@Foo.example' }));
    const neighbour = await signIn(token());
    const { setDisabled } = peopleDirectory();
    const ada = { id: session.sub, name: 'Ada@Foo.example' };
    expect(await setDisabled('ada@foo.example', true)).toEqual([ada]);
    expect(await findPersonState(session)).toMatchObject({ disabled: true, ended: true });
    const { disabledAt } = (await rowOf(session.sub)) ?? {};
    await setDisabled('ada@foo.example', true);
    expect(await rowOf(session.sub)).toMatchObject({ disabledAt });
    expect(await setDisabled('ada@foo.example', false)).toEqual([ada]);
    expect(await findPersonState(session)).toMatchObject({ disabled: false, ended: true });
    expect(await findPersonState(neighbour)).toMatchObject({ disabled: false, ended: false });
    expect(await setDisabled('nobody@foo.example', true)).toEqual([]);
  });

  it('hears of its tenant’s suspension, and is over when that ends', async () => {
    const session = await signIn(token({ tenantId: 'shut' }));
    const elsewhere = await signIn(token());
    await setTenantState('shut', 'suspended');
    expect(await findPersonState(session)).toMatchObject({ ended: false, tenant: { state: 'suspended' } });
    await setTenantState('shut', 'active');
    expect(await ended(session)).toBe(true);
    expect(await ended(await signIn(token({ tenantId: 'shut' })))).toBe(false);
    expect(await ended(elsewhere)).toBe(false);
  });

  it('of somebody without a row is over', async () => {
    expect(await ended({ sub: 'nobody', tenantId: 'foo', signedInAt: Date.now() })).toBe(true);
  });
});
