import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connecting, startTestPostgres, type TestPostgres } from '@/local/testing/postgres';
import { auditChains } from './audit-chain';
import { auditLog } from './audit-log';
import { closeDatabase, openDatabase } from './client';

const migrations = join(import.meta.dirname, '../../../prisma/migrations');
let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await closeDatabase();
  await postgres?.stop();
});

const inDatabase = (url: string, name: string): string => {
  const moved = new URL(url);
  moved.pathname = name;
  return moved.href;
};

it('the migration links the rows that are there, and says which were refused or failed', async () => {
  await postgres.as('admin', (admin) => admin.query('CREATE DATABASE older OWNER annex_owner'));
  const older = connecting({
    ownerUrl: inDatabase(postgres.ownerUrl, 'older'),
    portalUrl: inDatabase(postgres.portalUrl, 'older'),
    jobUrl: inDatabase(postgres.jobUrl, 'older'),
    adminUrl: inDatabase(postgres.adminUrl, 'older'),
  });
  const names = (await readdir(migrations)).filter((name) => /^\d/.test(name)).sort();
  for (const name of names) {
    if (name.endsWith('_audit_chain')) {
      await older.as('admin', (admin) =>
        admin.query(`
          INSERT INTO tenant (id, name) VALUES ('foo', 'Foo'), ('bar', 'Bar');
          INSERT INTO audit_event (id, tenant_id, actor_id, actor_name, action, subject, detail, request_id, idempotency_key, at)
          SELECT 'e' || n, (ARRAY['foo', 'bar', NULL])[1 + n % 3], 'a', 'Ada', (ARRAY['access.refused', 'extracts.advance'])[1 + n % 2],
            'user/1', '{"state": "failed"}', 'r', 'k' || n, '2026-01-01Z'::timestamptz - n * interval '1 hour'
          FROM generate_series(1, 300) n`),
      );
    }
    const sql = await readFile(join(migrations, name, 'migration.sql'), 'utf8');
    await older.as('owner', (owner) => owner.query(sql));
  }
  await openDatabase(inDatabase(postgres.portalUrl, 'older'));
  for (const tenantId of ['foo', 'bar', null]) {
    const chain = tenantId ?? '';
    expect(await auditChains().verify(chain)).toMatchObject({ chain, rows: 100 });
    await auditLog(tenantId).append({
      action: 'orders.import',
      subject: 'orders',
      actorId: 'a',
      actorName: 'Ada',
      requestId: 'r',
    });
    expect(await auditChains().verify(chain)).toMatchObject({ chain, rows: 101 });
  }
  const [results, order] = await older.as('admin', async (admin) => [
    (await admin.query(`SELECT action, result, count(*)::int FROM audit_event GROUP BY 1, 2 ORDER BY 1`))
      .rows,
    (
      await admin.query(`SELECT count(*)::int AS later FROM audit_link l JOIN audit_event e ON e.id = l.event_id
        JOIN audit_link m ON m.chain = l.chain AND m.seq = l.seq + 1 JOIN audit_event f ON f.id = m.event_id WHERE f.at < e.at`)
    ).rows,
  ]);
  expect(results).toEqual([
    { action: 'access.refused', result: 'refused', count: 150 },
    { action: 'extracts.advance', result: 'failed', count: 150 },
    { action: 'orders.import', result: 'done', count: 3 },
  ]);
  expect(order).toEqual([{ later: 0 }]);
});
