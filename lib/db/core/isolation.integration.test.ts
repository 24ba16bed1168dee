import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { customerStore } from '../crm/customer-store';
import { Prisma } from '../generated/client';
import { auditLog } from './audit-log';
import { readControl, withControl } from './control-scope';
import { readTenant, withTenant, withTenantConnection } from './tenant-scope';
import type { RunQuery } from './transaction';

let postgres: TestDatabase;

beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar']);
  for (const tenantId of ['foo', 'bar']) {
    await withTenant(tenantId, async (tx) => {
      await tx.customer.create({ data: { tenantId, id: `${tenantId}-1`, name: 'Ada' } });
      await tx.history.create({ data: { tenantId, revision: 1, customers: 1 } });
      await tx.ticket.create({
        data: { tenantId, id: 't1', customerId: `${tenantId}-1`, openedAt: new Date(), subject: 's' },
      });
    });
  }
});
afterAll(() => postgres?.stop());

const rowsAs = (role: 'admin' | 'owner' | 'portal', sql: string) =>
  postgres.as(role, async (client) => (await client.query(sql)).rows);
const refused = { code: 'dependency_denied' };

describe('with the application scope taken away', () => {
  it('the product role alone reaches no table', async () => {
    for (const table of [
      'public.tenant',
      'public.app_user',
      'public.audit_event',
      'crm.customer',
      'crm.history',
    ]) {
      await expect(rowsAs('portal', `SELECT * FROM ${table}`), table).rejects.toMatchObject({
        code: '42501',
      });
    }
  });

  it('the tenant role without a tenant sees nothing', async () => {
    const rows = await postgres.as('portal', async (client) => {
      await client.query('SET ROLE annex_tenant');
      const found = [];
      for (const table of ['tenant', 'crm.customer', 'crm.history', 'crm.ticket', 'crm.customer_term']) {
        found.push(...(await client.query(`SELECT * FROM ${table}`)).rows);
      }
      return found;
    });
    expect(rows).toEqual([]);
  });

  it('the owner of the tables is bound as well, and is no superuser', async () => {
    expect(await rowsAs('owner', 'SELECT * FROM crm.customer')).toEqual([]);
    expect(await rowsAs('owner', 'SELECT * FROM tenant')).toEqual([]);
    expect(
      await rowsAs('owner', 'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user'),
    ).toEqual([{ rolsuper: false, rolbypassrls: false }]);
    expect(await rowsAs('admin', 'SELECT id FROM crm.customer ORDER BY id')).toHaveLength(2);
  });

  it('role and tenant end with the transaction', async () => {
    await withTenantConnection('foo', async (client) => {
      expect((await client.query('SELECT current_user AS role')).rows).toEqual([{ role: 'annex_tenant' }]);
    });
    const rows = await rowsAs(
      'portal',
      `SELECT current_user AS role, current_setting('app.tenant_id', true) AS tenant`,
    );
    expect(rows[0]).toMatchObject({ role: 'annex_portal' });
  });
});

describe('another tenant', () => {
  it('is not seen, whatever id is asked for', async () => {
    const seen = await withTenant('foo', (tx) => tx.customer.findMany({ where: { tenantId: 'bar' } }));
    expect(seen).toEqual([]);
    expect(await customerStore('foo').get('bar-1')).toBeNull();
    expect((await customerStore('foo').orders('bar-1', { limit: 10 })).orders).toEqual([]);
    expect(
      (await customerStore('foo').list({ sort: 'id', direction: 'asc', limit: 10 })).customers.map(
        ({ id }) => id,
      ),
    ).toEqual(['foo-1']);
    expect(await withTenant('foo', (tx) => tx.tenant.findMany({ select: { id: true } }))).toEqual([
      { id: 'foo' },
    ]);
  });

  it('cannot be written to', async () => {
    await expect(
      withTenant('foo', (tx) => tx.customer.create({ data: { tenantId: 'bar', id: 'x' } })),
    ).rejects.toMatchObject(refused);
    await expect(
      withTenant('foo', (tx) =>
        tx.customer.updateMany({ where: { id: 'foo-1' }, data: { tenantId: 'bar' } }),
      ),
    ).rejects.toMatchObject(refused);
    expect(await withTenant('foo', (tx) => tx.customer.deleteMany({ where: { tenantId: 'bar' } }))).toEqual({
      count: 0,
    });
    await expect(
      withTenant('foo', (tx) => tx.tenant.update({ where: { id: 'foo' }, data: { state: 'suspended' } })),
    ).rejects.toMatchObject(refused);
    expect(await withTenant('bar', (tx) => tx.customer.count())).toBe(1);
  });

  it('is out of reach for the control plane', async () => {
    await expect(withControl((tx) => tx.customer.findMany())).rejects.toMatchObject(refused);
    await expect(withControl((tx) => tx.history.findMany())).rejects.toMatchObject(refused);
    await expect(withControl((tx) => tx.tenant.delete({ where: { id: 'foo' } }))).rejects.toMatchObject(
      refused,
    );
    expect(await withControl((tx) => tx.tenant.count())).toBe(2);
  });
});

describe('a read', () => {
  const who = Prisma.sql`SELECT current_user::text AS role, current_setting('app.tenant_id', true) AS tenant`;
  const customers = Prisma.sql`SELECT id FROM crm.customer`;

  it('has the role and the tenant of its scope, whoever reads beside it', async () => {
    const reads = Array.from({ length: 12 }, (_, n) => {
      const tenant = n % 2 ? 'foo' : 'bar';
      return readTenant(tenant, async (query) => [tenant, await query(who), await query(customers)]);
    });
    for (const [tenant, rows, found] of await Promise.all(reads)) {
      expect(rows).toEqual([{ role: 'annex_tenant', tenant }]);
      expect(found).toEqual([{ id: `${tenant}-1` }]);
    }
    expect(await readControl((query) => query(who))).toEqual([{ role: 'annex_control', tenant: '' }]);
    await expect(readControl((query) => query(customers))).rejects.toMatchObject(refused);
  });

  it('reaches no table when its transaction could not begin', async () => {
    const begun = readTenant('foo', (query) => query(customers), { timeoutMs: -1 });
    await expect(begun).rejects.toThrow('statement_timeout');
    expect(await readTenant('bar', (query) => query(customers))).toEqual([{ id: 'bar-1' }]);
  });

  it('writes nothing', async () => {
    const written = readTenant('foo', (query) => query(Prisma.sql`DELETE FROM crm.ticket RETURNING id`));
    await expect(written).rejects.toThrow('read-only transaction');
    expect(await withTenant('foo', (tx) => tx.ticket.count())).toBe(1);
  });

  it('is over when its work is, also for a query that comes late', async () => {
    let late: RunQuery | undefined;
    await readTenant('foo', async (query) => {
      late = query;
    });
    await expect(late?.(customers)).rejects.toThrow('has ended');
    const failing = readTenant('foo', (query) =>
      Promise.all([query(Prisma.sql`SELECT 1 / 0`), query(customers)]),
    );
    await expect(failing).rejects.toThrow('division by zero');
    expect(await readTenant('bar', (query) => query(customers))).toEqual([{ id: 'bar-1' }]);
  });

  it('has instants as Date and large numbers as bigint', async () => {
    const [row] = await readTenant('foo', (query) =>
      query(Prisma.sql`SELECT '2024-01-31T13:00:00.123Z'::timestamptz AS at, 9007199254740993::bigint AS n`),
    );
    expect(row).toEqual({ at: new Date('2024-01-31T13:00:00.123Z'), n: 9007199254740993n });
  });
});

describe('the catalogue', () => {
  it('forces row-level security on every table that holds tenants’ rows', async () => {
    const tables = await rowsAs(
      'admin',
      `SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
              EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS policy
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'crm', 'sheet') AND c.relname <> '_prisma_migrations'`,
    );
    expect(tables.length).toBeGreaterThanOrEqual(10);
    expect(tables.filter(({ forced, policy }) => !forced || !policy)).toEqual([]);
  });

  it('gives the product role nothing of its own', async () => {
    const [role] = await rowsAs(
      'admin',
      `SELECT rolsuper, rolbypassrls, rolinherit, rolcreatedb, rolcreaterole,
              (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owns
       FROM pg_roles r WHERE rolname = 'annex_portal'`,
    );
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolinherit: false,
      rolcreatedb: false,
      rolcreaterole: false,
      owns: 0,
    });
  });

  it('grants the control plane nothing in crm', async () => {
    const [{ usage }] = await rowsAs(
      'admin',
      `SELECT has_schema_privilege('annex_control', 'crm', 'USAGE') AS usage`,
    );
    expect(usage).toBe(false);
  });
});

describe('the audit log', () => {
  const event: AuditEvent = {
    action: 'orders.import',
    subject: 'orders',
    actorId: 'a',
    actorName: 'Ada',
    requestId: 'r',
  };

  it('keeps an event once a key, and each without a key', async () => {
    const log = auditLog('foo');
    await log.append({ ...event, idempotencyKey: 'k1', detail: { orders: 3 } });
    await log.append({ ...event, idempotencyKey: 'k1' });
    await auditLog('bar').append({ ...event, idempotencyKey: 'k1' });
    await log.append(event);
    await log.append(event);
    const kept = await withTenant('foo', (tx) => tx.auditEvent.findMany({ orderBy: { id: 'asc' } }));
    expect(kept.map(({ tenantId, detail }) => [tenantId, detail])).toEqual([
      ['foo', { orders: 3 }],
      ['foo', {}],
      ['foo', {}],
    ]);
    expect(await withControl((tx) => tx.auditEvent.count())).toBe(4);
  });

  it('is not changed or emptied, not even by its owner or the superuser', async () => {
    await expect(withTenant('foo', (tx) => tx.auditEvent.deleteMany())).rejects.toMatchObject(refused);
    await expect(
      withControl((tx) => tx.auditEvent.updateMany({ data: { action: 'x' } })),
    ).rejects.toMatchObject(refused);
    for (const sql of [
      `UPDATE audit_event SET action = 'x'`,
      'DELETE FROM audit_event',
      'TRUNCATE audit_event',
    ]) {
      await expect(rowsAs('admin', sql), sql).rejects.toThrow('append-only');
    }
  });
});
