import { afterAll, beforeAll, expect, it } from 'vitest';
import { AwsError } from '../aws/core/service';
import { startPool, type TestPool } from '../testing/user-pool';
import { demoUsers } from './demo-users';

let pool: TestPool;
beforeAll(async () => {
  pool = await startPool();
});
afterAll(() => pool.stop());

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: AwsError) => error.code,
  );

it('makes, reads, changes and deletes a user in Cognito’s shapes', async () => {
  const Username = 'ada@foo.example';
  const made = await pool.call('AdminCreateUser', {
    Username,
    UserAttributes: [{ Name: 'custom:tenant_id', Value: 'foo' }],
    TemporaryPassword: 'for-the-first-time',
  });
  expect(made).toMatchObject({
    User: { Enabled: true, UserStatus: 'FORCE_CHANGE_PASSWORD', UserCreateDate: expect.any(Number) },
  });
  expect(await code(pool.call('AdminCreateUser', { Username: 'ADA@foo.example' }))).toBe(
    'UsernameExistsException',
  );

  await pool.call('AdminSetUserPassword', { Username, Password: 'a-lasting-one', Permanent: true });
  await pool.call('AdminAddUserToGroup', { Username, GroupName: 'scientist' });
  await pool.call('AdminUpdateUserAttributes', {
    Username,
    UserAttributes: [{ Name: 'custom:tenant_id', Value: 'bar' }],
  });
  const user = await pool.call('AdminGetUser', { Username });
  expect(user).toMatchObject({ UserStatus: 'CONFIRMED', Username: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(user.UserAttributes).toContainEqual({ Name: 'custom:tenant_id', Value: 'bar' });
  expect(JSON.stringify(user)).not.toContain('hash');
  expect(await pool.call('AdminListGroupsForUser', { Username })).toMatchObject({
    Groups: [{ GroupName: 'scientist' }],
  });
  expect(await pool.call('ListUsers', { Filter: `email = "${Username}"` })).toMatchObject({
    Users: [{ Username: user.Username }],
  });

  await pool.call('AdminDeleteUser', { Username });
  expect(await code(pool.call('AdminGetUser', { Username }))).toBe('UserNotFoundException');
});

it('answers with Cognito’s own errors', async () => {
  expect(await code(pool.call('DescribeUserPool', { UserPoolId: 'us-east-1_other' }))).toBe(
    'ResourceNotFoundException',
  );
  expect(await code(pool.call('AdminGetUser', {}))).toBe('InvalidParameterException');
  expect(
    await code(pool.call('AdminCreateUser', { Username: 'a@b.example', TemporaryPassword: 'short' })),
  ).toBe('InvalidPasswordException');
  for (const Filter of ['nonsense', 'constructor = "x"', 'constructor ^= "x"'])
    expect(await code(pool.call('ListUsers', { Filter })), Filter).toBe('InvalidParameterException');
});

it('pages users', async () => {
  await pool.addDemoUsers();
  const seen: string[] = [];
  let PaginationToken: unknown;
  do {
    const page = await pool.call('ListUsers', {
      Limit: 2,
      ...(PaginationToken !== undefined && { PaginationToken }),
    });
    seen.push(...(page.Users as { Username: string }[]).map((user) => user.Username));
    PaginationToken = page.PaginationToken;
  } while (PaginationToken !== undefined);
  expect(new Set(seen).size).toBe(demoUsers.length);
});

it('seeds the demo users once, and resets a forgotten password', async () => {
  await pool.call('AdminSetUserPassword', {
    Username: 'seller@models.example',
    Password: 'forgotten-one',
    Permanent: true,
  });
  await pool.addDemoUsers();
  const users = await pool.cognito.users.all();
  expect(users).toHaveLength(demoUsers.length);
  expect(await pool.cognito.users.verify('seller@models.example', 'annex-demo-2026')).not.toBeNull();
});

it('asks the caller’s policies', async () => {
  const asked: string[] = [];
  const guarded = await startPool({}, (_caller, action) => {
    asked.push(action);
    throw new AwsError('AccessDeniedException', 'no');
  });
  try {
    for (const operation of Object.keys(guarded.cognito.service.operations)) {
      expect(await code(guarded.call(operation, { Username: 'a@b.example' }))).toBe('AccessDeniedException');
    }
    expect(asked).toContain('cognito-idp:AdminDisableUser');
  } finally {
    await guarded.stop();
  }
});
