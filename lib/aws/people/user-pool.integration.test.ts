import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TenantUserPool } from '@/lib/domain/people/ports';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { portalClient } from '../core/clients';
import { signUpPool } from './sign-up-pool';
import { tenantUserPool } from './user-pool';

let stack: ProductAws;
const foo = tenantUserPool('foo');
const bar = tenantUserPool('bar');

beforeAll(async () => {
  stack = await startProductAws({ hasPool: true });
});
afterAll(() => stack.stop());

const named = (Username: string) => ({
  UserPoolId: stack.environment.COGNITO_ISSUER?.split('/').at(-1),
  Username,
});
const cognito = () => portalClient(CognitoIdentityProviderClient);
const read = async (username: string) => {
  const [user, groups] = await Promise.all([
    cognito().send(new AdminGetUserCommand(named(username))),
    cognito().send(new AdminListGroupsForUserCommand(named(username))),
  ]);
  return {
    enabled: user.Enabled,
    status: user.UserStatus,
    tenant: user.UserAttributes?.find(({ Name }) => Name === 'custom:tenant_id')?.Value,
    groups: groups.Groups?.map(({ GroupName }) => GroupName),
  };
};
const confirm = (username: string) =>
  cognito().send(
    new AdminSetUserPasswordCommand({ ...named(username), Password: 'a-password-of-2026', Permanent: true }),
  );

it('creates a user of the tenant with a role, and finds it again after an interruption', async () => {
  const { id } = await foo.create('ada@foo.example', 'member');
  expect(await read(id)).toEqual({
    enabled: true,
    status: 'FORCE_CHANGE_PASSWORD',
    tenant: 'foo',
    groups: ['member'],
  });
  expect(await foo.create('Ada@foo.example', 'scientist')).toEqual({ id });
  expect((await read(id)).groups).toEqual(['scientist']);
});

it('says that an address is in use, and not whose it is', async () => {
  await bar.create('eve@bar.example', 'owner');
  const { id } = await foo.create('bob@foo.example', 'member');
  await confirm(id);
  const refusal = { code: 'conflict', fields: { email: 'This address is in use already.' } };
  for (const email of ['eve@bar.example', 'bob@foo.example']) {
    await expect(foo.create(email, 'member')).rejects.toMatchObject(refusal);
  }
  expect(await read('eve@bar.example')).toMatchObject({ tenant: 'bar', groups: ['owner'] });
});

it('invites an address for which somebody signed up and never entered the code', async () => {
  const stranger = { email: 'gil@foo.example', name: 'Gil', password: 'a-password-of-2026' };
  const unconfirmed = await signUpPool().signUp(stranger);
  const { id } = await foo.create('gil@foo.example', 'scientist');
  expect(id).not.toBe(unconfirmed);
  expect(await read(id)).toEqual({
    enabled: true,
    status: 'FORCE_CHANGE_PASSWORD',
    tenant: 'foo',
    groups: ['scientist'],
  });
});

it('adopts somebody who signed up, and nobody of another tenant', async () => {
  const id =
    (await signUpPool().signUp({ email: 'hal@foo.example', name: 'Hal', password: 'a-password-of-2026' })) ??
    '';
  await confirm(id);
  for (let time = 0; time < 2; time += 1) {
    await foo.adopt(id, 'owner');
    expect(await read(id)).toMatchObject({ status: 'CONFIRMED', tenant: 'foo', groups: ['owner'] });
  }
  await expect(bar.adopt(id, 'member')).rejects.toMatchObject({ code: 'conflict' });
  expect(await read(id)).toMatchObject({ tenant: 'foo', groups: ['owner'] });
  await expect(foo.adopt('nobody', 'owner')).rejects.toMatchObject({ code: 'not_found' });
});

it('sends no invitation to somebody who has a password', async () => {
  const { id } = await foo.create('carl@foo.example', 'member');
  await confirm(id);
  await expect(foo.sendInvitation(id)).rejects.toMatchObject({ code: 'conflict' });
});

it('changes role and access, and removes a user once and again', async () => {
  const { id } = await foo.create('dan@foo.example', 'member');
  await foo.setRole(id, 'owner');
  await foo.setEnabled(id, false);
  expect(await read(id)).toMatchObject({ enabled: false, groups: ['owner'] });
  await foo.setEnabled(id, true);
  expect(await read(id)).toMatchObject({ enabled: true });
  await foo.remove(id);
  await foo.remove(id);
  await expect(foo.setRole(id, 'member')).rejects.toMatchObject({ code: 'not_found' });
});

it('reaches nobody of another tenant', async () => {
  const { id } = await bar.create('fay@bar.example', 'member');
  const before = await read(id);
  const tries: readonly ((pool: TenantUserPool) => Promise<unknown>)[] = [
    (pool) => pool.sendInvitation(id),
    (pool) => pool.setRole(id, 'owner'),
    (pool) => pool.setEnabled(id, false),
  ];
  for (const attempt of tries) await expect(attempt(foo)).rejects.toMatchObject({ code: 'not_found' });
  await foo.remove(id);
  expect(await read(id)).toEqual(before);
});
