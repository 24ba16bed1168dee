import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '@/local/free-port';
import { createTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { addTenant, type ExtractBench, extractArguments, extractBench } from '../testing/extract-bench';
import { type AwsAccess, startTestAws } from '../testing/test-aws';

const accountId = '222222222222';

let postgres: TestDatabase;
let aws: AwsAccess;
let dir: string;
let ports: { readonly aws: number; readonly cognito: number };
let child: ChildProcess;

/** Starts the stand-ins as the start script does; resolves when they serve. */
async function start(): Promise<void> {
  child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, '../main.ts')], {
    env: {
      ...process.env,
      ANNEX_STATE_DIR: dir,
      ANNEX_AWS_PORT: String(ports.aws),
      ANNEX_COGNITO_PORT: String(ports.cognito),
      ANNEX_REPLICA_URL: postgres.jobUrl,
      ANNEX_EMBEDDED_STEP_MS: '5',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('The stand-in ended.')));
  });
}

async function kill(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

beforeAll(async () => {
  postgres = await createTestDatabase();
  await addTenant(postgres.portalUrl, 'foo', accountId, 1000);
  const made = await startTestAws();
  await made.vend('foo', accountId);
  await made.stop({ keepState: true });
  dir = made.dir;
  ports = { aws: await freePort(), cognito: await freePort() };
  aws = { origin: `http://localhost:${ports.aws}`, portal: made.portal };
  await start();
});
afterAll(async () => {
  await kill();
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  await postgres?.stop();
});

test('killed in the middle of a run: the run fails with a reason, nothing is left, and it can be done again', async () => {
  const requestId = ulid();
  const key = `extracts/${requestId}/data.csv`;
  const request = await extractArguments(postgres.portalUrl, { tenantId: 'foo', requestId });
  let foo: ExtractBench = await extractBench(aws, 'foo', accountId);
  const slow = JSON.stringify({ point: 'glue.slow', subject: 'foo', message: '60000' });
  await fetch(`${aws.origin}/_annex/faults`, { method: 'POST', body: slow });
  const id = await foo.start(request);
  await expect.poll(async () => (await foo.left()).uploads, { timeout: 60_000 }).toContain(key);

  await kill();
  await start();
  foo = await extractBench(aws, 'foo', accountId);
  const run = await foo.ended(id);
  expect(run).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: expect.stringMatching(/interrupted/) });
  expect(await foo.left()).toEqual({ objects: [], uploads: [] });

  expect((await foo.ended(await foo.start(request))).JobRunState).toBe('SUCCEEDED');
  expect((await foo.left()).objects).toEqual([key, `extracts/${requestId}/manifest.json`]);
});
