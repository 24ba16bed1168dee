import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';

const root = join(import.meta.dirname, '../..');
let database: TestDatabase;
/** Takes connections and never responds. */
let silent: Server;

beforeAll(async () => {
  database = await startTestDatabase(['foo']);
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  silent?.close();
  await database?.stop();
});

/** Imports `csv` for `foo`, as `npm run crm:import` does. */
function run(csv: string, aws: string) {
  const env = {
    ...process.env,
    LOG_LEVEL: 'warn',
    DATABASE_URL: database.portalUrl,
    DATABASE_REPLICA_URL: database.portalUrl,
    NEXTAUTH_URL: 'http://localhost:3000',
    NEXTAUTH_SECRET: 'x'.repeat(32),
    COGNITO_ISSUER: 'http://localhost:1/pool',
    COGNITO_DOMAIN: 'http://localhost:1',
    COGNITO_CLIENT_ID: 'client',
    COGNITO_CLIENT_SECRET: 'secret',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: aws,
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    ANNEX_WORKBENCH_TABLE: 'workbench',
    ANNEX_EXTRACTS_TABLE: 'extracts',
    ANNEX_EXTRACT_JOB: 'extract',
    ANNEX_JOBS_QUEUE_URL: `${aws}/111122223333/annex-jobs`,
    ANNEX_EVENTS_QUEUE_URL: `${aws}/111122223333/annex-events`,
    ANNEX_TENANT_ROLE_ARN: 'arn:aws:iam::111122223333:role/annex-tenant',
    ANNEX_TENANT_ACCOUNT_ROLE: 'annex-tenant',
    ANNEX_STACK_SET: 'set',
    ANNEX_ML_OU: 'ou',
    ANNEX_ACCOUNT_EMAIL: 'aws+{tenant}@example.com',
    ANNEX_MAIL_FROM: 'annex@example.com',
    ANNEX_STUDIO_ORIGIN: 'http://localhost:1',
    ANNEX_EMBEDDED: '1',
  };
  return new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    const args = [
      '--import',
      'tsx',
      join(root, 'worker/cli/crm-import.ts'),
      '--tenant',
      'foo',
      '--file',
      '-',
    ];
    const child = execFile(process.execPath, args, { cwd: root, env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
    child.stdin?.end(csv);
  });
}

const header = 'customer_id,ordered_at,quantity,amount\n';

it.each([
  ['refuses connections', () => 'http://127.0.0.1:1'],
  [
    'never responds',
    () => {
      const address = silent.address();
      return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    },
  ],
])('stores the orders while AWS %s, and says in a sentence that scores follow', async (name, aws) => {
  const { code, out, err } = await run(`${header}${name},2024-03-05,1,12.50\n`, aws());
  expect(out).toContain('1 order from 1 customer for foo: added 1 order and 1 customer.');
  expect(out).toContain(
    'The orders are stored, but the job queue (Amazon SQS) does not respond. Scores will follow within a few minutes once it is back.',
  );
  expect(err).toMatch(/^read [^\n]*\n$/);
  expect(code).toBe(0);
});

it('says that the disk of the database is full', async () => {
  await database.as('owner', (client) =>
    client.query(`
      CREATE FUNCTION crm.full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'could not extend file "base/1": No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON crm.customer_order FOR EACH STATEMENT EXECUTE FUNCTION crm.full_disk()`),
  );
  const { code, out, err } = await run(`${header}new,2024-03-05,1,12.50\n`, 'http://127.0.0.1:1');
  expect(err).toContain(
    'Import failed: The database’s disk is full. Nothing was changed. Tell your administrator.\n',
  );
  expect(err).not.toContain('"stack"');
  expect({ code, out }).toEqual({ code: 1, out: '' });
});
