import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { asControl } from './database';
import { quietSdk, readRunning, stateDir } from './environment';
import { externalId, pooledRoleArn, siloRoleArn } from './world';

// Prints shell exports of a tenant role's keys (of the portal's own role without --tenant) for the AWS CLI.
Object.assign(process.env, quietSdk);
const { values } = parseArgs({ options: { tenant: { type: 'string' } } });
const running = await readRunning(stateDir(process.env, join(import.meta.dirname, '..')));
if (!running) fail('Annex is not running here. Start it with npm start, then do this again.');

const { environment } = running;
const region = environment.AWS_REGION ?? '';
const own = {
  accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
  secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
};
const keys = values.tenant === undefined ? own : await tenantKeys(values.tenant);
const lines = {
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  AWS_SESSION_TOKEN: 'sessionToken' in keys ? keys.sessionToken : '',
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ENDPOINT_URL: environment.AWS_ENDPOINT_URL ?? '',
};
// The AWS CLI reads AWS_ENDPOINT_URL from 2.13 on; older ones, and some for SQS, want --endpoint-url with the same value.
for (const [name, value] of Object.entries(lines))
  console.log(value ? `export ${name}=${value}` : `unset ${name}`);

/** Keys of the role in the tenant's own account; while there is none, of the tenant's role in the portal's account. */
async function tenantKeys(tenantId: string) {
  const accountId = await accountOf(tenantId);
  const sts = new STSClient({ region, endpoint: environment.AWS_ENDPOINT_URL ?? '', credentials: own });
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: accountId ? siloRoleArn(accountId) : pooledRoleArn,
      RoleSessionName: 'aws-env',
      ExternalId: externalId(tenantId),
      Tags: [{ Key: 'TenantId', Value: tenantId }],
      DurationSeconds: 3600,
    }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}

async function accountOf(tenantId: string): Promise<string | null> {
  const { rows } = await asControl(environment.DATABASE_URL ?? '', (client) =>
    client.query<{ account_id: string | null }>('select account_id from tenant where id = $1', [tenantId]),
  );
  const [row] = rows;
  if (!row) fail(`There is no tenant ${tenantId}.`);
  return row.account_id;
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
