import { expect, it } from 'vitest';
import { type Refreshed, RefreshRefused } from './cognito';
import { createRotation, type RotationPorts } from './rotation';
import { isDue, type Session } from './session-cookie';

const session: Session = {
  sub: 'sub',
  email: 'ada@foo.example',
  tenantId: 'foo',
  sellerId: null,
  roles: ['scientist'],
  issuedAt: 0,
  expiresAt: 900,
  signedInAt: 7,
  refreshToken: 'one',
};
const fresh: Refreshed = { ...session, issuedAt: 900, expiresAt: 1800, refreshToken: 'two' };

type People = RotationPorts['people'];

/** Rotations with a pool, and with people of whom one session may be over; what is asked of both is listed. */
function rotation(
  refresh: RotationPorts['pool']['refresh'],
  { people = {}, now }: { readonly people?: Partial<People>; readonly now?: () => number } = {},
) {
  const ends: string[] = [];
  const standing: People = {
    findPerson: async () => ({ disabled: false, ended: false, tenant: null }),
    continueSession: async () => true,
    endAllSessions: async (_, by) => void ends.push(by),
    ...people,
  };
  const rotate = createRotation({ pool: { refresh }, people: standing }, now);
  return { ends, rotate: (given = session) => rotate({ session: given, requestId: 'a-request' }) };
}

const over: People['findPerson'] = async () => ({ disabled: false, ended: true, tenant: null });

it('is due a minute before the end, or a quarter of a short life', () => {
  expect(isDue(session, 839_000)).toBe(false);
  expect(isDue(session, 840_000)).toBe(true);
  expect(isDue({ ...session, expiresAt: 8 }, 5999)).toBe(false);
  expect(isDue({ ...session, expiresAt: 8 }, 6000)).toBe(true);
});

it('renews a session once for requests side by side and for stragglers, and keeps when it began', async () => {
  let now = 0;
  let calls = 0;
  const refresh = async () => {
    calls += 1;
    return fresh;
  };
  const { rotate } = rotation(refresh, { now: () => now });
  const results = await Promise.all([rotate(), rotate(), rotate()]);
  expect(results).toEqual(Array(3).fill({ state: 'fresh', session: { ...fresh, signedInAt: 7 } }));
  now = 59_000;
  await rotate();
  expect(calls).toBe(1);
  now = 61_000;
  await rotate();
  expect(calls).toBe(2);
});

it('renews again at once a session whose new token is due', async () => {
  let now = 900_000;
  let calls = 0;
  const refresh = async () => {
    calls += 1;
    return { ...fresh, refreshToken: 'one', issuedAt: now / 1000, expiresAt: now / 1000 + 8 };
  };
  const { rotate } = rotation(refresh, { now: () => now });
  await rotate();
  now += 5_999;
  await rotate();
  expect(calls).toBe(1);
  now += 1;
  await rotate();
  expect(calls).toBe(2);
});

it('renews sessions of different people apart', async () => {
  const asked: string[] = [];
  const { rotate } = rotation(async (token) => {
    asked.push(token);
    return { ...fresh, refreshToken: `${token}+` };
  });
  await Promise.all([rotate(), rotate({ ...session, refreshToken: 'other' })]);
  expect(asked).toEqual(['one', 'other']);
});

it('ends all sessions of a person whom the pool refuses', async () => {
  const { rotate, ends } = rotation(() => Promise.reject(new RefreshRefused('invalid_grant')));
  expect(await rotate()).toEqual({ state: 'ended', reason: 'expired' });
  expect(ends).toEqual(['refused renewal']);
});

it('ends nothing and asks for nothing with a session that is over already', async () => {
  const { rotate, ends } = rotation(() => Promise.reject(new Error('asked')), {
    people: { findPerson: over },
  });
  expect(await rotate()).toEqual({ state: 'ended', reason: 'ended' });
  expect(ends).toEqual([]);
});

it('says so when the person is disabled', async () => {
  const people = { findPerson: async () => ({ disabled: true, ended: true, tenant: null }) };
  const { rotate } = rotation(() => Promise.reject(new Error('asked')), { people });
  expect(await rotate()).toEqual({ state: 'ended', reason: 'disabled' });
});

it.each([
  ['other roles', { roles: ['member'] }, 'changed'],
  ['no role', { roles: [] }, 'changed'],
  ['another tenant', { tenantId: 'bar' }, 'changed'],
  ['another seller', { sellerId: 'models' }, 'changed'],
  ['the same access, after a sign-out meanwhile', {}, 'ended'],
] as const)('ends a session whose new token gives %s', async (_, claims, reason) => {
  const people = { continueSession: async () => false };
  const { rotate } = rotation(async () => ({ ...fresh, ...claims }), { people });
  expect(await rotate()).toEqual({ state: 'ended', reason });
});

it('tries a pool or a database that cannot be reached again', async () => {
  let calls = 0;
  const unreachable = async (): Promise<never> => {
    calls += 1;
    throw new Error('ECONNREFUSED');
  };
  const withoutPool = rotation(unreachable);
  for (const count of [1, 2]) {
    expect((await withoutPool.rotate()).state).toBe('unreachable');
    expect(calls).toBe(count);
  }
  const withoutDatabase = rotation(() => Promise.reject(new RefreshRefused('invalid_grant')), {
    people: { endAllSessions: unreachable },
  });
  expect((await withoutDatabase.rotate()).state).toBe('unreachable');
});

it('refuses tokens of somebody else', async () => {
  const { rotate, ends } = rotation(async () => ({ ...fresh, sub: 'another' }));
  expect(await rotate()).toEqual({ state: 'ended', reason: 'expired' });
  expect(ends).toEqual(['refused renewal']);
});
