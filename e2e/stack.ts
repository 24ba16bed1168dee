import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../local/free-port';
import { quietSdk } from '../local/quiet-sdk.mjs';

// The first process of the run chooses the values, and its children inherit them.
process.env.ANNEX_JOURNEY ??= JSON.stringify({
  PORT: String(await freePort()),
  ANNEX_AWS_PORT: String(await freePort()),
  ANNEX_COGNITO_PORT: String(await freePort()),
  ANNEX_PG_PORT: String(await freePort()),
  ANNEX_PG_STANDBY_PORT: String(await freePort()),
  ANNEX_STATE_DIR: mkdtempSync(join(tmpdir(), 'annex-journeys-')),
  ANNEX_EMBEDDED_STEP_MS: '600',
  // A journey makes the further ones itself, and the others run without that work beside them.
  ANNEX_DEMO_TENANTS: '2',
  NODE_ENV: 'production',
});
Object.assign(process.env, quietSdk);
const environment = JSON.parse(process.env.ANNEX_JOURNEY) as Record<string, string>;

/** The stack of this test run, with its own free ports and state folder. All processes of the run share it. */
export const journeyStack = {
  environment,
  origin: `http://localhost:${environment.PORT}`,
  stateDir: environment.ANNEX_STATE_DIR ?? '',
  chromium: process.env.CHROMIUM,
};
