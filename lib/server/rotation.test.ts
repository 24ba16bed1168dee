import { expect, it } from 'vitest';
import { type Refreshed, RefreshRefused } from './cognito';
import { createRotation, isDue } from './rotation';
import type { Session } from './session-cookie';

const session: Session = {
  sub: 'sub',
  email: 'ada@foo.example',
  tenantId: 'foo',
  roles: ['scientist'],
  issuedAt: 0,
  expiresAt: 3600,
  refreshToken: 'one',
};
const fresh: Refreshed = {
  ...session,
  roles: ['member'],
  issuedAt: 3600,
  expiresAt: 7200,
  refreshToken: 'two',
};

it('is due a minute before the end, or a quarter of a short life', () => {
  expect(isDue(session, 3539_000)).toBe(false);
  expect(isDue(session, 3540_000)).toBe(true);
  expect(isDue({ ...session, expiresAt: 8 }, 5999)).toBe(false);
  expect(isDue({ ...session, expiresAt: 8 }, 6000)).toBe(true);
});

it('renews a session once for requests side by side and for stragglers, and takes the new claims', async () => {
  let now = 0;
  let calls = 0;
  const refresh = async () => {
    calls += 1;
    return fresh;
  };
  const rotate = createRotation({ refresh }, () => now);
  const results = await Promise.all([rotate(session), rotate(session), rotate(session)]);
  expect(results).toEqual(Array(3).fill({ state: 'fresh', session: fresh }));
  now = 59_000;
  await rotate(session);
  expect(calls).toBe(1);
  now = 61_000;
  await rotate(session);
  expect(calls).toBe(2);
});

it('renews sessions of different people apart', async () => {
  const asked: string[] = [];
  const refresh = async (token: string) => {
    asked.push(token);
    return { ...fresh, refreshToken: `${token}+` };
  };
  const rotate = createRotation({ refresh });
  await Promise.all([rotate(session), rotate({ ...session, refreshToken: 'other' })]);
  expect(asked).toEqual(['one', 'other']);
});

it('tells a refusal from a pool that cannot be reached, and tries the latter again', async () => {
  let calls = 0;
  const refused = createRotation({ refresh: () => Promise.reject(new RefreshRefused('invalid_grant')) });
  expect(await refused(session)).toEqual({ state: 'refused' });
  const unreachable = createRotation({
    refresh: () => {
      calls += 1;
      return Promise.reject(new Error('ECONNREFUSED'));
    },
  });
  expect((await unreachable(session)).state).toBe('unreachable');
  expect((await unreachable(session)).state).toBe('unreachable');
  expect(calls).toBe(2);
});

it('refuses tokens of somebody else', async () => {
  const rotate = createRotation({ refresh: async () => ({ ...fresh, sub: 'another' }) });
  expect(await rotate(session)).toEqual({ state: 'refused' });
});
