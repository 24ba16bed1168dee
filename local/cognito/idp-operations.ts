import { randomBytes } from 'node:crypto';
import { type Group, groups } from '@/lib/domain/actor';
import { AwsError, type Operation } from '../aws/core/service';
import { optionalText, optionalWhole, texts } from '../aws/wire/rpc-input';
import { epochSeconds, pageOf } from '../aws/wire/rpc-page';
import { awsNames } from '../aws-names';
import { signOutEverywhere } from './adapter';
import { describePool, made } from './describe-pool';
import { addressOf, attributesOf, type Input, invalid, oneOf, required } from './input';
import { failAsAsked, type Pool } from './pool';
import type { PoolUser, Users } from './users';

/** The admin calls of Amazon Cognito user pools, for the only pool. */
export function idpOperations(pool: Pool): Readonly<Record<string, Operation>> {
  const { standIn, users } = pool;
  const arn = `arn:aws:cognito-idp:${standIn.region}:${standIn.portalAccountId}:userpool/${awsNames.userPoolId}`;

  /** An operation on the pool that the caller's role must allow. */
  const allowed = (name: string, run: (input: Input) => Promise<unknown>): [string, Operation] => [
    name,
    async (input, caller) => {
      failAsAsked(standIn, name);
      const asked = required(input, 'UserPoolId');
      if (asked !== awsNames.userPoolId) {
        throw new AwsError('ResourceNotFoundException', `User pool ${asked} does not exist.`);
      }
      standIn.authorize(caller, `cognito-idp:${name}`, arn);
      return run(input);
    },
  ];

  return Object.fromEntries([
    allowed('AdminCreateUser', (input) => createUser(pool, input)),
    allowed('AdminGetUser', async (input) => {
      const { Attributes, ...rest } = userType(await users.get(required(input, 'Username')));
      return { ...rest, UserAttributes: Attributes };
    }),
    allowed('AdminSetUserPassword', async (input) => {
      await users.setPassword(
        required(input, 'Username'),
        required(input, 'Password'),
        input.Permanent === true,
      );
      return {};
    }),
    allowed('AdminUpdateUserAttributes', async (input) => {
      await users.change(required(input, 'Username'), (user) => merged(user, attributesOf(input)));
      return {};
    }),
    allowed('AdminEnableUser', async (input) => {
      await users.change(required(input, 'Username'), () => ({ enabled: true }));
      return {};
    }),
    allowed('AdminDisableUser', async (input) => {
      const user = await users.change(required(input, 'Username'), () => ({ enabled: false }));
      await signOutEverywhere(standIn.state, user.sub);
      return {};
    }),
    allowed('AdminDeleteUser', async (input) => {
      const user = await users.get(required(input, 'Username'));
      await users.delete(user.sub);
      await pool.codes.forget(user.sub);
      await signOutEverywhere(standIn.state, user.sub);
      return {};
    }),
    allowed('AdminUserGlobalSignOut', async (input) => {
      await signOutEverywhere(standIn.state, (await users.get(required(input, 'Username'))).sub);
      return {};
    }),
    allowed('AdminAddUserToGroup', async (input) => {
      const group = groupOf(input);
      await users.change(required(input, 'Username'), (user) => ({
        groups: [...new Set([...user.groups, group])],
      }));
      return {};
    }),
    allowed('AdminRemoveUserFromGroup', async (input) => {
      const group = groupOf(input);
      await users.change(required(input, 'Username'), (user) => ({
        groups: user.groups.filter((name) => name !== group),
      }));
      return {};
    }),
    allowed('AdminListGroupsForUser', async (input) => {
      const user = await users.get(required(input, 'Username'));
      return { Groups: user.groups.map((name) => groupType(name)) };
    }),
    allowed('ListUsers', (input) => listUsers(users, input)),
    allowed('DescribeUserPool', async () => ({ UserPool: await describePool(pool, arn) })),
  ]);
}

async function createUser(pool: Pool, input: Input): Promise<unknown> {
  const username = required(input, 'Username');
  const messageAction = oneOf(input, 'MessageAction', ['RESEND', 'SUPPRESS']);
  const mediums = texts(input, 'DesiredDeliveryMediums');
  if (mediums.length > 0 && !mediums.includes('EMAIL'))
    throw invalid('This pool sends invitations by e-mail alone.');
  const temporaryPassword = optionalText(input, 'TemporaryPassword') || randomBytes(12).toString('base64url');
  const user =
    messageAction === 'RESEND'
      ? await pool.users.renewTemporaryPassword(username, temporaryPassword)
      : await addUser(pool, username, temporaryPassword, attributesOf(input));
  if (messageAction !== 'SUPPRESS') await pool.messages.invite(user.email, temporaryPassword);
  return { User: userType(user) };
}

/** `ForceAliasCreation` has no effect: here, addresses are usernames and not aliases. */
async function addUser(
  { users }: Pool,
  username: string,
  temporaryPassword: string,
  { sub, email, ...attributes }: Readonly<Record<string, string>>,
): Promise<PoolUser> {
  if (sub !== undefined) throw invalid('Cannot modify the non-mutable attribute sub');
  return users.create({ email: addressOf(email ?? username), attributes, temporaryPassword });
}

function merged(
  user: PoolUser,
  { sub, email, ...changed }: Readonly<Record<string, string>>,
): Partial<PoolUser> {
  if (sub !== undefined && sub !== user.sub) throw invalid('user.sub: Attribute cannot be updated.');
  // In Cognito an empty value removes the attribute.
  const attributes = Object.fromEntries(
    Object.entries({ ...user.attributes, ...changed }).filter(([, value]) => value !== ''),
  );
  return { attributes, ...(email !== undefined && { email }) };
}

async function listUsers(users: Users, input: Input): Promise<unknown> {
  const limit = optionalWhole(input, 'Limit') ?? 60;
  if (limit < 0 || limit > 60) throw invalid('Limit must be between 0 and 60.');
  const filter = filterOf(optionalText(input, 'Filter'));
  const matching = (await users.all()).filter(filter);
  const page = pageOf(
    matching,
    (user) => user.sub,
    optionalText(input, 'PaginationToken'),
    limit || 60,
    () => invalid('Invalid pagination token.'),
  );
  return { Users: page.items.map(userType), ...(page.next !== undefined && { PaginationToken: page.next }) };
}

/** `name = "value"` or `name ^= "prefix"` on the attributes that Cognito can search by. */
function filterOf(filter: string | undefined): (user: PoolUser) => boolean {
  if (filter === undefined || filter === '') return () => true;
  const parts = /^\s*"?([a-z:_]+)"?\s*(\^?=)\s*"([^"]*)"\s*$/.exec(filter);
  const [, name, operator, value = ''] = parts ?? [];
  const readers: Readonly<Record<string, (user: PoolUser) => string>> = {
    sub: (user) => user.sub,
    username: (user) => user.sub,
    email: (user) => user.email,
    'cognito:user_status': (user) => user.status,
    status: (user) => (user.enabled ? 'Enabled' : 'Disabled'),
  };
  const read = name !== undefined && Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (!read) throw invalid(`One or more request parameters have values that aren't valid: Filter ${filter}`);
  return (user) => (operator === '=' ? read(user) === value : read(user).startsWith(value));
}

function userType(user: PoolUser) {
  return {
    Username: user.sub,
    Attributes: Object.entries({ sub: user.sub, email: user.email, ...user.attributes }).map(
      ([Name, Value]) => ({
        Name,
        Value,
      }),
    ),
    UserCreateDate: epochSeconds(user.createdAt),
    UserLastModifiedDate: epochSeconds(user.modifiedAt),
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

const groupType = (name: Group) => ({
  GroupName: name,
  UserPoolId: awsNames.userPoolId,
  CreationDate: epochSeconds(made),
  LastModifiedDate: epochSeconds(made),
});

function groupOf(input: Input): Group {
  const name = required(input, 'GroupName');
  const group = groups.find((known) => known === name);
  if (!group) throw new AwsError('ResourceNotFoundException', 'Group not found.');
  return group;
}
