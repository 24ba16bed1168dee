import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { runCommand } from '../testing/built';
import { commandEnvironment } from '../testing/command-environment';

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
const run = (csv: string, aws: string) =>
  runCommand('crm-import', ['--tenant', 'foo', '--file', '-'], {
    env: commandEnvironment(database, aws),
    stdin: csv,
  });

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
