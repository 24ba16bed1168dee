import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { withControl } from '@/lib/db/core/control-scope';
import { viewerCookie } from '@/lib/viewer';
import { startTestDatabase } from '@/local/testing/database';
import { PortalBrowser, portalSettings } from '@/local/testing/portal-browser';
import type { TestDatabase } from '@/local/testing/postgres';
import { startPool, type TestPool } from '@/local/testing/user-pool';
import { contextFor } from './context';
import { recordRefusal } from './people';
import { sessionCookieName } from './session-cookie';

// The log reads its level when it is loaded.
vi.hoisted(() => vi.stubEnv('LOG_LEVEL', 'silent'));
const incoming = vi.hoisted(() => ({ cookies: new Map<string, string>() }));
vi.mock('next/headers', () => ({
  headers: async () => new Headers(),
  cookies: async () => ({
    getAll: () => [...incoming.cookies].map(([name, value]) => ({ name, value })),
    get: (name: string) => ({ name, value: incoming.cookies.get(name) }),
  }),
}));

const portal = 'https://annex.example';
const tenants = ['foo', 'bar', 'baz'] as const;
let pool: TestPool;
let database: TestDatabase;
let email: string;
let people = 0;

beforeAll(async () => {
  database = await startTestDatabase(tenants);
  pool = await startPool({ portals: [portal] });
  for (const [name, value] of Object.entries(portalSettings(portal, pool))) vi.stubEnv(name, value);
});
beforeEach(async () => {
  people += 1;
  email = await newUser(`person-${people}@foo.example`, 'foo');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await pool?.stop();
  await database?.stop();
});

async function newUser(address: string, tenant: string): Promise<string> {
  await pool.addScientist(address, tenant);
  return address;
}

async function signedIn(address = email): Promise<PortalBrowser> {
  const mine = new PortalBrowser(portal, pool);
  await mine.signIn(address);
  expect(await page(mine)).toBe('ok');
  return mine;
}

/** What a page for scientists answers: `ok`, or the code of the refusal. */
async function page(mine: PortalBrowser): Promise<string> {
  incoming.cookies = mine.jar;
  return contextFor({ action: 'workbench.view', scope: 'tenant' }).then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  );
}

const eventsOf = (address: string) =>
  withControl((tx) => tx.auditEvent.findMany({ where: { actorName: address }, orderBy: { id: 'asc' } })).then(
    (events) => events.map(({ action, tenantId, detail }) => ({ action, tenantId, detail })),
  );

it('begins with a cookie of the portal’s own host, and removes one of an earlier name', async () => {
  const mine = new PortalBrowser(portal, pool);
  mine.jar.set('__Secure-next-auth.session-token', 'x');
  await mine.signIn(email);
  expect([...mine.jar.keys()].filter((name) => name.includes('session-token'))).toEqual([
    '__Host-next-auth.session-token',
  ]);
  expect(await page(mine)).toBe('ok');
});

describe('a sign-out', () => {
  it('ends every session of the person at the next request, also of a copied cookie, and nobody else’s', async () => {
    const [mine, elsewhere] = [await signedIn(), await signedIn()];
    const neighbour = await signedIn(await newUser(`neighbour-of-${email}`, 'foo'));
    const copy = mine.copy();
    await mine.signOut();
    expect(await page(mine)).toBe('unauthenticated');
    expect(await page(copy)).toBe('unauthenticated');
    expect(await (await copy.send('/api/auth/session')).json()).toEqual({});
    expect(await page(elsewhere)).toBe('unauthenticated');
    expect(await page(neighbour)).toBe('ok');
    await signedIn();
  });

  it('with a copied cookie of a session that is over ends nothing', async () => {
    const mine = await signedIn();
    const [copy, another] = [mine.copy(), mine.copy()];
    await mine.signOut();
    const again = await signedIn();
    await copy.signOut();
    await another.makeDue();
    expect(await another.renewal()).toContainEqual(
      expect.objectContaining({ name: 'annex.session-ended', value: 'ended' }),
    );
    expect(await page(again)).toBe('ok');
  });

  it('beside a renewal leaves no session, whichever answer comes last', async () => {
    const mine = await signedIn();
    await mine.makeDue();
    const before = mine.copy();
    const early = await before.renewal();
    await mine.signOut();
    mine.keep(early);
    expect(await mine.session()).not.toBeNull();
    expect(await page(mine)).toBe('unauthenticated');

    for (let round = 0; round < 4; round += 1) {
      const browser = await signedIn();
      await browser.makeDue();
      const renewing = browser.copy();
      const [changes] = await Promise.all([renewing.renewal(), browser.signOut()]);
      browser.keep(changes);
      expect(await page(browser)).toBe('unauthenticated');
      await browser.makeDue().catch(() => undefined);
      browser.keep(await browser.renewal());
      expect(await page(browser)).toBe('unauthenticated');
    }
  });

  it('is audited, as is the sign-in', async () => {
    const mine = await signedIn();
    const copy = mine.copy();
    await mine.signOut();
    await copy.signOut();
    expect(await eventsOf(email)).toEqual([
      { action: 'session.signed-in', tenantId: 'foo', detail: { roles: 'scientist' } },
      { action: 'session.signed-out', tenantId: 'foo', detail: {} },
    ]);
  });
});

it('a refusal is audited once for a person, action and minute', async () => {
  const mine = await signedIn();
  const session = await mine.session();
  if (!session) throw new Error('no session');
  vi.spyOn(Date, 'now').mockReturnValue(Date.parse('2030-01-01T00:00:30Z'));
  for (const action of ['tenants.list', 'tenants.list', 'listings.view'] as const) {
    await Promise.all([1, 2].map(() => recordRefusal(session, action, 'a-request')));
  }
  vi.mocked(Date.now).mockReturnValue(Date.parse('2030-01-01T00:01:00Z'));
  await recordRefusal(session, 'tenants.list', 'a-request');
  vi.mocked(Date.now).mockRestore();
  const refusals = (await eventsOf(email)).slice(1);
  expect(refusals.map(({ action, tenantId }) => `${action} in ${tenantId}`)).toEqual(
    Array(3).fill('access.refused in foo'),
  );
  expect(refusals.map(({ detail }) => JSON.stringify(detail)).sort()).toEqual(
    ['listings.view', 'tenants.list', 'tenants.list'].map((action) => JSON.stringify({ action })),
  );
});

describe('a renewal', () => {
  it('leaves a fresh session alone', async () => {
    expect(await (await signedIn()).renewal()).toEqual([]);
  });

  it('whose answer came after a sign-out’s is undone with the next request', async () => {
    const mine = await signedIn();
    const late = mine.copy();
    expect(await late.renewal()).toEqual([]);
    await mine.signOut();
    expect(await late.renewal()).toContainEqual(
      expect.objectContaining({ name: sessionCookieName(portal), value: '' }),
    );
    late.jar.set(viewerCookie, 'the page that asks finds out by itself');
    expect(await late.renewal()).toEqual([]);
  });

  it('goes on with the session of the sign-in', async () => {
    const mine = await signedIn();
    const elsewhere = await signedIn();
    const signedInAt = (await mine.session())?.signedInAt;
    await mine.makeDue();
    mine.keep(await mine.renewal());
    expect(await page(mine)).toBe('ok');
    expect(await page(elsewhere)).toBe('ok');
    const renewed = await mine.session();
    expect(renewed?.signedInAt).toBe(signedInAt);
    expect(renewed?.expiresAt).toBeGreaterThan(Date.now() / 1000 + 600);
  });

  it.each([
    ['a role more', 'AdminAddUserToGroup', { GroupName: 'member' }, 'ok'],
    ['a role less', 'AdminRemoveUserFromGroup', { GroupName: 'scientist' }, 'forbidden'],
    [
      'another tenant',
      'AdminUpdateUserAttributes',
      { UserAttributes: [{ Name: 'custom:tenant_id', Value: 'bar' }] },
      'ok',
    ],
  ] as const)('with %s ends every session of the person, and says why', async (_, operation, input, next) => {
    const [mine, elsewhere] = [await signedIn(), await signedIn()];
    await pool.call(operation, { Username: email, ...input });
    await mine.makeDue();
    const changes = await mine.renewal();
    expect(changes).toContainEqual(expect.objectContaining({ name: sessionCookieName(portal), value: '' }));
    expect(changes).toContainEqual(
      expect.objectContaining({ name: 'annex.session-ended', value: 'changed' }),
    );
    expect(await page(mine)).toBe('unauthenticated');
    expect(await page(elsewhere)).toBe('unauthenticated');
    expect((await eventsOf(email)).at(-1)).toMatchObject({
      action: 'session.ended',
      detail: { reason: 'access changed' },
    });
    const again = new PortalBrowser(portal, pool);
    await again.signIn(email);
    expect(await page(again)).toBe(next);
  });

  it.each(['AdminDisableUser', 'AdminUserGlobalSignOut', 'AdminDeleteUser'])(
    'that the pool refuses after %s ends every session of the person, and says so',
    async (operation) => {
      const [mine, elsewhere] = [await signedIn(), await signedIn()];
      await pool.call(operation, { Username: email });
      await mine.makeDue();
      const changes = await mine.renewal();
      expect(changes).toContainEqual(expect.objectContaining({ name: sessionCookieName(portal), value: '' }));
      expect(changes).toContainEqual(
        expect.objectContaining({ name: 'annex.session-ended', value: 'expired' }),
      );
      expect(await page(elsewhere)).toBe('unauthenticated');
      expect((await eventsOf(email)).at(-1)).toMatchObject({
        action: 'session.ended',
        detail: { reason: 'renewal refused by the user pool' },
      });
    },
  );
});

it('a suspension ends every session: refused while it lasts, signed out afterwards', async () => {
  const mine = await signedIn(await newUser('somebody@baz.example', 'baz'));
  const setState = (state: string) =>
    withControl((tx) => tx.tenant.update({ where: { id: 'baz' }, data: { state } }));
  await setState('suspended');
  expect(await page(mine)).toBe('forbidden');
  await setState('active');
  expect(await page(mine)).toBe('unauthenticated');
});
