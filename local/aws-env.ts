import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endUnstarted } from './cannot-start';
import { readRunning, stateDir } from './environment';
import { quietSdk } from './quiet-sdk.mjs';
import { awsEnvironment, buyerEnvironment } from './tenant-keys';

// Prints shell exports with the keys of a tenant's role for the AWS CLI; with --buyer, with those of the administrator of the
// buyer's account; without either, with those of the portal's own role.
Object.assign(process.env, quietSdk);
const { values } = parseArgs({ options: { tenant: { type: 'string' }, buyer: { type: 'boolean' } } });
const dir = stateDir(process.env, join(import.meta.dirname, '..'));
const running = await readRunning(dir).catch(endUnstarted);
if (!running) fail('Annex is not running. Start it with npm start, then run this command again.');
const environment = values.buyer
  ? await buyerEnvironment(running, dir)
  : await awsEnvironment(running, values.tenant);
if (!environment) fail(`Tenant ${values.tenant} does not exist.`);
// The AWS CLI reads AWS_ENDPOINT_URL from 2.13 on. Older versions need --endpoint-url with the same value; so do some
// newer ones for SQS.
for (const [name, value] of Object.entries(environment)) {
  console.log(value ? `export ${name}=${value}` : `unset ${name}`);
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
