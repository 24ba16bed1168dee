import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { env } from '@/lib/env';
import { clientConfig } from '../core/client-config';
import { portalClient } from '../core/clients';
import { type Credentials, externalId } from '../core/credentials';
import { type AwsClient, watched } from '../core/watched';
import { readTrustPolicy, type TrustPolicy } from './trust-policy';

/** Who the portal is, by AWS's word. */
export interface Identity {
  readonly accountId: string;
  readonly roleArn: string;
}

/** ARNs of the roles that the portal assumes for a tenant. */
export const rolesOf = (accountId: string) => {
  const name = env().ANNEX_TENANT_ACCOUNT_ROLE;
  return {
    tenant: `arn:aws:iam::${accountId}:role/${name}`,
    doctor: `arn:aws:iam::${accountId}:role/${name}-doctor`,
  };
};

export async function callerIdentity(): Promise<Identity> {
  const { Account = '', Arn = '' } = await portalClient(STSClient).send(new GetCallerIdentityCommand({}));
  return { accountId: Account, roleArn: roleArnOf(Arn) };
}

/** The role of a session: `arn:aws:sts::1:assumed-role/name/session` is one of `arn:aws:iam::1:role/name`. */
const roleArnOf = (arn: string): string =>
  arn.replace(/^arn:(aws[\w-]*):sts::(\d+):assumed-role\/([^/]+)\/.*$/, 'arn:$1:iam::$2:role/$3');

/** Credentials of the tenant's role, asked for now: what Annex remembers from before would hide a trust that was broken since. */
export const assumeTenantRole = (tenantId: string, RoleArn: string): Promise<Credentials> =>
  assume({
    RoleArn,
    RoleSessionName: `annex-doctor-${tenantId}`.slice(0, 64),
    ExternalId: externalId(tenantId),
    Tags: [{ Key: 'TenantId', Value: tenantId }],
    // As short as AWS allows: a look takes seconds.
    DurationSeconds: 900,
  });

/** Credentials of the role that reads the trust of roles, and nothing else, in a tenant's account. */
export const assumeDoctorRole = (tenantId: string, accountId: string): Promise<Credentials> =>
  assume({
    RoleArn: rolesOf(accountId).doctor,
    RoleSessionName: `annex-doctor-${tenantId}`.slice(0, 64),
    DurationSeconds: 900,
  });

async function assume(input: AssumeRoleCommandInput): Promise<Credentials> {
  const { Credentials: given } = await portalClient(STSClient).send(new AssumeRoleCommand(input));
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error('AssumeRole answered without credentials');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

type ClientConfig = ReturnType<typeof clientConfig> & { readonly credentials: Credentials };

/** A client of a service for one examination, with that session. */
export const sessionClient = <C extends AwsClient>(
  Client: new (config: ClientConfig) => C,
  credentials: Credentials,
): C => watched(new Client({ ...clientConfig(), credentials }));

/** The trust policy of a role of the session's account; null when it cannot be read as one. */
export async function trustPolicyOf(credentials: Credentials, roleName: string): Promise<TrustPolicy | null> {
  const { Role } = await sessionClient(IAMClient, credentials).send(
    new GetRoleCommand({ RoleName: roleName }),
  );
  return readTrustPolicy(Role?.AssumeRolePolicyDocument ?? '');
}
