import {
  AdminDisableUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { portalClient } from '../core/clients';
import { signUpPool } from './sign-up-pool';
import { tenantUserPool } from './user-pool';

let stack: ProductAws;
const pool = signUpPool();

beforeAll(async () => {
  stack = await startProductAws({ hasPool: true });
});
afterEach(() => stack.clearFaults());
afterAll(() => stack.stop());

const cognito = () => portalClient(CognitoIdentityProviderClient);
const named = (Username: string) => ({
  UserPoolId: stack.environment.COGNITO_ISSUER?.split('/').at(-1),
  Username,
});
const read = async (username: string) => {
  const { Username, UserStatus, UserAttributes } = await cognito().send(
    new AdminGetUserCommand(named(username)),
  );
  const attributes = Object.fromEntries(UserAttributes?.map(({ Name, Value }) => [Name, Value]) ?? []);
  return {
    id: Username,
    status: UserStatus,
    name: attributes.name,
    tenant: attributes['custom:tenant_id'],
    verified: attributes.email_verified,
  };
};
const exists = (username: string) =>
  read(username).then(
    () => true,
    () => false,
  );
const codes = async (to: string): Promise<readonly string[]> =>
  (await stack.standIn.services.outbox.list({ to })).flatMap(
    ({ text }) => /code is (\d{6})/.exec(text)?.[1] ?? [],
  );
const signUp = async (email: string) =>
  (await pool.signUp({ email, name: 'Somebody', password: 'a-password-of-2026' })) ?? '';

it('signs somebody up, who is nobody’s until the code is entered', async () => {
  const id = await signUp('ada@foo.example');
  expect(await read(id)).toEqual({ id, status: 'UNCONFIRMED', name: 'Somebody' });
  expect(await pool.confirm(id, '000000')).toBe(false);
  const [code = ''] = await codes('ada@foo.example');
  expect(await pool.confirm(id, code)).toBe(true);
  expect(await read(id)).toMatchObject({ status: 'CONFIRMED', verified: 'true' });
  // As after an interruption.
  expect(await pool.confirm(id, '000000')).toBe(true);
});

it('tells an address that has a user, whoever’s it is', async () => {
  await tenantUserPool('bar').create('eve@bar.example', 'owner');
  expect(
    await pool.signUp({ email: 'Eve@bar.example', name: 'X', password: 'a-password-of-2026' }),
  ).toBeNull();
  expect(await codes('eve@bar.example')).toEqual([]);
});

it('replaces somebody who never entered the code, whose code is worth nothing then', async () => {
  const first = await signUp('bob@foo.example');
  const second = await signUp('bob@foo.example');
  expect(second).not.toBe(first);
  const [newest = '', oldest = ''] = await codes('bob@foo.example');
  expect(await pool.confirm(first, newest)).toBe(false);
  expect(await pool.confirm(second, oldest)).toBe(oldest === newest);
  expect(await pool.confirm(second, newest)).toBe(true);
});

it('sends another code, and says when there were too many', async () => {
  const id = await signUp('carl@foo.example');
  for (let time = 0; time < 4; time += 1) await pool.resend(id);
  expect(await codes('carl@foo.example')).toHaveLength(5);
  await expect(pool.resend(id)).rejects.toMatchObject({ code: 'throttled' });
  for (let time = 0; time < 5; time += 1) await pool.confirm(id, 'wrong!');
  await expect(pool.confirm(id, (await codes('carl@foo.example'))[0] ?? '')).rejects.toMatchObject({
    code: 'throttled',
  });
});

it('knows what the pool’s policy says of a password, and takes the pool’s word for what it does not', async () => {
  expect(await pool.passwordFault('short')).toBe('Use at least 8 characters for the password.');
  expect(await pool.passwordFault('a-password-of-2026')).toBeNull();
  const weak = pool.signUp({ email: 'dan@foo.example', name: 'Dan', password: 'short' });
  await expect(weak).rejects.toMatchObject({ code: 'invalid', fields: { password: expect.any(String) } });
});

it('confirms nobody who is disabled or gone', async () => {
  const id = await signUp('fay@foo.example');
  await cognito().send(new AdminDisableUserCommand(named(id)));
  expect(await pool.confirm(id, (await codes('fay@foo.example'))[0] ?? '')).toBe(false);
  await pool.remove(id, null);
  expect(await pool.confirm(id, '000000')).toBe(false);
});

it('removes somebody of no tenant or of the one that is named, and nobody else', async () => {
  const id = await signUp('gus@foo.example');
  await pool.assign(id, 'foo');
  expect(await read(id)).toMatchObject({ tenant: 'foo' });
  for (const tenant of [null, 'bar']) await pool.remove(id, tenant);
  expect(await exists(id)).toBe(true);
  await pool.remove(id, 'foo');
  await pool.remove(id, 'foo');
  expect(await exists(id)).toBe(false);
});

it('does not confirm when Cognito does not answer', async () => {
  const id = await signUp('hal@foo.example');
  await stack.fault('cognito.down', 'ConfirmSignUp', { times: 3 });
  await expect(pool.confirm(id, '000000')).rejects.toMatchObject({ code: 'dependency_failed' });
});
