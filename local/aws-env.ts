import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRunning, stateDir } from './environment';
import { quietSdk } from './quiet-sdk.mjs';
import { awsEnvironment } from './tenant-keys';

// Prints shell exports of a tenant role's keys (of the portal's own role without --tenant) for the AWS CLI.
Object.assign(process.env, quietSdk);
const { values } = parseArgs({ options: { tenant: { type: 'string' } } });
const running = await readRunning(stateDir(process.env, join(import.meta.dirname, '..')));
if (!running) fail('Annex is not running here. Start it with npm start, then do this again.');
const environment = await awsEnvironment(running, values.tenant);
if (!environment) fail(`There is no tenant ${values.tenant}.`);
// The AWS CLI reads AWS_ENDPOINT_URL from 2.13 on; older ones, and some for SQS, want --endpoint-url with the same value.
for (const [name, value] of Object.entries(environment)) {
  console.log(value ? `export ${name}=${value}` : `unset ${name}`);
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
