import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { readBuyerCredentials } from './aws/iam/portal-credentials';
import { externalId, pooledRoleArn, siloRoleArn } from './aws-names';
import { asControl } from './database';
import type { RunningStack } from './environment';

/** What the AWS SDKs and CLI read from the environment. An empty value means: unset this variable. */
export type AwsEnvironment = Readonly<
  Record<
    | 'AWS_ACCESS_KEY_ID'
    | 'AWS_SECRET_ACCESS_KEY'
    | 'AWS_SESSION_TOKEN'
    | 'AWS_REGION'
    | 'AWS_DEFAULT_REGION'
    | 'AWS_ENDPOINT_URL',
    string
  >
>;

/** The long-lived keys of the administrator of the buyer's account, in which stacks can be deployed. */
export async function buyerEnvironment({ environment }: RunningStack, dir: string): Promise<AwsEnvironment> {
  const { accessKeyId, secretAccessKey } = await readBuyerCredentials(dir);
  const region = environment.AWS_REGION ?? '';
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: '',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: environment.AWS_ENDPOINT_URL ?? '',
  };
}

/**
 * Keys of the tenant's role in the tenant's account, or in the portal's account while the tenant has none. Without a
 * tenant: keys of the portal's own role. Null when the tenant does not exist.
 */
export async function awsEnvironment(
  { environment }: RunningStack,
  tenantId?: string,
): Promise<AwsEnvironment | null> {
  const region = environment.AWS_REGION ?? '';
  const endpoint = environment.AWS_ENDPOINT_URL ?? '';
  const own = {
    accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
  };
  const common = { AWS_REGION: region, AWS_DEFAULT_REGION: region, AWS_ENDPOINT_URL: endpoint };
  if (tenantId === undefined) {
    return {
      AWS_ACCESS_KEY_ID: own.accessKeyId,
      AWS_SECRET_ACCESS_KEY: own.secretAccessKey,
      AWS_SESSION_TOKEN: '',
      ...common,
    };
  }
  const { rows } = await asControl(environment.DATABASE_URL ?? '', (client) =>
    client.query<{ account_id: string | null }>('select account_id from tenant where id = $1', [tenantId]),
  );
  const [tenant] = rows;
  if (!tenant) return null;
  const { Credentials: given } = await new STSClient({ region, endpoint, credentials: own }).send(
    new AssumeRoleCommand({
      RoleArn: tenant.account_id ? siloRoleArn(tenant.account_id) : pooledRoleArn,
      RoleSessionName: 'aws-env',
      ExternalId: externalId(tenantId),
      Tags: [{ Key: 'TenantId', Value: tenantId }],
      DurationSeconds: 3600,
    }),
  );
  return {
    AWS_ACCESS_KEY_ID: given?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: given?.SecretAccessKey ?? '',
    AWS_SESSION_TOKEN: given?.SessionToken ?? '',
    ...common,
  };
}

/** What an AWS client needs to act as the role of `tenantId`. Throws when there is no such tenant. */
export async function tenantClientSettings(stack: RunningStack, tenantId: string) {
  const keys = await awsEnvironment(stack, tenantId);
  if (!keys) throw new Error(`There is no tenant ${tenantId}.`);
  return {
    region: keys.AWS_REGION,
    endpoint: keys.AWS_ENDPOINT_URL,
    credentials: {
      accessKeyId: keys.AWS_ACCESS_KEY_ID,
      secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
      sessionToken: keys.AWS_SESSION_TOKEN,
    },
  };
}
