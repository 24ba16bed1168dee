import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  type AdminGetUserCommandOutput,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { type TenantRole, tenantRoles } from '@/lib/domain/actor';
import type { TenantUserPool } from '@/lib/domain/people/ports';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { portalClient } from '../core/clients';
import { aws } from '../core/errors';

const tenantAttribute = 'custom:tenant_id';

/**
 * The users of `tenantId` in the pool that all tenants share. IAM cannot tell users of a pool apart, so each call first makes sure that
 * the user is one of the tenant.
 */
export function tenantUserPool(tenantId: string): TenantUserPool {
  return {
    create: async (email, role) => {
      const id =
        (await createUser(tenantId, email)) ??
        ((await removeUnconfirmed(email))
          ? await createUser(tenantId, email)
          : await unfinishedUser(tenantId, email));
      if (id === null) throw inUse(email);
      await setRole(id, role);
      return { id };
    },
    adopt: async (id, role) => {
      const user = await userOf(id);
      if (user.tenantId !== null && user.tenantId !== tenantId) throw inUse(user.email);
      const UserAttributes = [{ Name: tenantAttribute, Value: tenantId }];
      await call('assigning a user', (client) =>
        client.send(new AdminUpdateUserAttributesCommand({ ...named(id), UserAttributes })),
      );
      await setRole(id, role);
    },
    unfinished: async (email) => {
      try {
        const id = await unfinishedUser(tenantId, email);
        return id === null ? null : { id };
      } catch (error) {
        if (isAnnexError(error, 'not_found')) return null;
        throw error;
      }
    },
    sendInvitation: async (id) => {
      const { email } = await ownUser(tenantId, id);
      await call('sending the invitation', (client) =>
        client.send(new AdminCreateUserCommand({ ...named(email), MessageAction: 'RESEND' })),
      );
    },
    setRole: async (id, role) => {
      await ownUser(tenantId, id);
      await setRole(id, role);
    },
    setEnabled: async (id, enabled) => {
      await ownUser(tenantId, id);
      const Command = enabled ? AdminEnableUserCommand : AdminDisableUserCommand;
      await call(enabled ? 'enabling a user' : 'disabling a user', (client) =>
        client.send(new Command(named(id))),
      );
    },
    remove: async (id) => {
      try {
        await ownUser(tenantId, id);
        await call('removing a user', (client) => client.send(new AdminDeleteUserCommand(named(id))));
      } catch (error) {
        if (!isAnnexError(error, 'not_found')) throw error;
      }
    },
  };
}

/** The new user's id; null if the address is in use. */
async function createUser(tenantId: string, email: string): Promise<string | null> {
  try {
    const { User } = await call('creating a user', (client) =>
      client.send(
        new AdminCreateUserCommand({
          ...named(email),
          MessageAction: 'SUPPRESS',
          UserAttributes: [
            { Name: 'email', Value: email },
            { Name: 'email_verified', Value: 'true' },
            { Name: tenantAttribute, Value: tenantId },
          ],
        }),
      ),
    );
    return User?.Username ?? null;
  } catch (error) {
    if (isAnnexError(error, 'conflict')) return null;
    throw error;
  }
}

/** The id of the tenant's own user with that address who has never signed in; null for any other user. Throws `not_found`. */
async function unfinishedUser(tenantId: string, email: string): Promise<string | null> {
  const user = await userOf(email);
  return user.tenantId === tenantId && user.status === 'FORCE_CHANGE_PASSWORD' ? user.id : null;
}

/**
 * Removes the user with that address who signed up and was never confirmed: whoever it was has not shown that the address is theirs.
 * Returns whether there was one.
 */
export async function removeUnconfirmed(email: string): Promise<boolean> {
  const { id, status, tenantId } = await userOf(email);
  if (status !== 'UNCONFIRMED' || tenantId !== null) return false;
  await call('removing a user who was never confirmed', (client) =>
    client.send(new AdminDeleteUserCommand(named(id))),
  );
  return true;
}

const inUse = (email: string) =>
  new AnnexError('conflict', `${email} can’t be invited: the address is in use already.`, {
    fields: { email: 'This address is in use already.' },
  });

/** Throws `not_found` for a user of another tenant, as for one that does not exist. */
async function ownUser(tenantId: string, id: string) {
  const user = await userOf(id);
  if (user.tenantId !== tenantId) throw new AnnexError('not_found', 'Amazon Cognito has no such user.');
  return user;
}

/** The user with that id or address. Throws `not_found`. */
export async function userOf(username: string) {
  const user: AdminGetUserCommandOutput = await call('reading a user', (client) =>
    client.send(new AdminGetUserCommand(named(username))),
  );
  const attribute = (name: string) => user.UserAttributes?.find(({ Name }) => Name === name)?.Value ?? null;
  return {
    id: user.Username ?? username,
    email: attribute('email') ?? username,
    tenantId: attribute(tenantAttribute),
    status: user.UserStatus,
  };
}

/** Adds first: with no group at all, a person who signs in meanwhile would have no role. */
async function setRole(id: string, role: TenantRole): Promise<void> {
  await call('adding a user to a group', (client) =>
    client.send(new AdminAddUserToGroupCommand({ ...named(id), GroupName: role })),
  );
  const { Groups = [] } = await call('reading the groups of a user', (client) =>
    client.send(new AdminListGroupsForUserCommand(named(id))),
  );
  const others = Groups.flatMap(({ GroupName }) =>
    tenantRoles.filter((each) => each === GroupName && each !== role),
  );
  for (const GroupName of others) {
    await call('removing a user from a group', (client) =>
      client.send(new AdminRemoveUserFromGroupCommand({ ...named(id), GroupName })),
    );
  }
}

/** Calls Cognito. Throws as `aws` does. */
export const call = <T>(
  doing: string,
  run: (client: CognitoIdentityProviderClient) => Promise<T>,
): Promise<T> => aws(doing, () => run(portalClient(CognitoIdentityProviderClient)));

/** The pool, which is named by the last part of its issuer, and one of its users. */
export const named = (username: string) => ({
  UserPoolId: new URL(env().COGNITO_ISSUER).pathname.split('/').at(-1) ?? '',
  Username: username,
});
