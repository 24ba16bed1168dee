import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditLog } from '@/lib/db/core/audit-log';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { runCommand } from '../testing/built';
import { commandEnvironment } from '../testing/command-environment';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase(['foo', 'bar']);
  for (const tenantId of ['foo', 'bar', 'foo', null]) {
    await auditLog(tenantId).append({
      action: 'orders.import',
      subject: 'orders',
      actorId: 'a',
      actorName: 'Ada',
      requestId: 'r',
    });
  }
});
afterAll(() => database?.stop());

/** Runs the command as `npm run audit:verify` does. */
const run = (...args: string[]) => runCommand('audit-verify', args, { env: commandEnvironment(database) });

it('counts what is whole, and names the first row that is not', async () => {
  const whole = await run();
  expect(whole).toMatchObject({ code: 0, err: '' });
  expect(whole.out).toMatch(
    /^Control plane: 1 rows, last hash [0-9a-f]{64}\nTenant bar: 1 rows.*\nTenant foo: 2 rows.*\n4 rows in 3 chains are as they were written\.\n$/,
  );
  await database.as('admin', async (client) => {
    await client.query(`SET session_replication_role = 'replica'`);
    await client.query(`UPDATE audit_event SET subject = 'nothing' WHERE tenant_id = 'foo'`);
  });
  expect(await run('--tenant', 'bar')).toMatchObject({ code: 0 });
  const broken = await run();
  expect(broken.code).toBe(1);
  expect(broken.err).toMatch(/^Tenant foo: row 1 \(\w{26}\) was altered\.\n$/);
  expect(await run('--tenant', 'nobody')).toEqual({
    code: 1,
    out: '',
    err: 'Tenant nobody does not exist.\n',
  });
  const nonsense = await run('--nonsense');
  expect(nonsense.code).toBe(1);
  expect(nonsense.err).toMatch(/^Unknown option '--nonsense'.*\nUsage: npm run/);
});
