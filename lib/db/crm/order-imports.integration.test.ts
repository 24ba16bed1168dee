import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { ImportSummary } from '@/lib/domain/crm/ports';
import { bytesOf, startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { auditChains } from '../core/audit-chain';
import { withTenant } from '../core/tenant-scope';
import { orderImporter } from './order-importer';
import { orderImports } from './order-imports';

let postgres: TestDatabase;

beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar', 'late', 'audited']);
});
afterAll(() => postgres?.stop());

const started = (id: string) => ({
  id,
  startedBy: 'ada@foo.example',
  fileName: 'orders.csv',
  fileBytes: 5_000_000_000,
  reading: { timeZone: 'Europe/Berlin' },
});
const csv = 'customer_id,ordered_at,quantity,amount\na,2024-01-01,1,5\na,2024-02-01,1,-5\n';
const quiet = () => undefined;
const eventOf = ({ orders }: ImportSummary): AuditEvent => ({
  action: 'orders.import',
  subject: 'orders',
  actorId: 'a',
  actorName: 'Ada',
  requestId: 'r',
  detail: { orders },
});
const auditOf = (tenantId: string) =>
  withTenant(tenantId, (tx) =>
    tx.auditEvent.findMany({ select: { detail: true, roles: true, before: true } }),
  );
/** As if the process that imports had ended a minute ago. */
const silence = (tenantId: string) =>
  withTenant(
    tenantId,
    (tx) => tx.$executeRaw`UPDATE crm.order_import SET seen_at = seen_at - interval '1 minute'`,
  );

it('tells how far an import is, and refuses another one of the tenant meanwhile', async () => {
  const imports = orderImports('foo');
  expect(await imports.latest()).toBeNull();
  await imports.begin(started('i1'));
  await imports.progress('i1', { state: 'storing', readBytes: 4_000_000_000, readLines: 7 });
  expect(await imports.latest()).toMatchObject({
    ...started('i1'),
    state: 'storing',
    readBytes: 4_000_000_000,
    readLines: 7,
    endedAt: null,
    result: null,
  });
  await expect(imports.begin(started('i2'))).rejects.toMatchObject({ code: 'conflict' });
  // Another tenant neither sees it nor waits for it.
  expect(await orderImports('bar').latest()).toBeNull();
  await orderImports('bar').begin(started('i1'));
  await imports.end('i1', { state: 'refused', reason: 'line 2: no.', proposal: null });
  expect(await imports.latest()).toMatchObject({ state: 'refused', reason: 'line 2: no.' });
  expect(await orderImports('bar').latest()).toMatchObject({ state: 'reading' });
  await imports.begin(started('i2'));
  expect(await imports.latest()).toMatchObject({ id: 'i2', state: 'reading', reason: null, readLines: 0 });
});

it('stores the orders with their audit row, or nothing', async () => {
  const imports = orderImports('audited');
  const read = (audit: typeof eventOf) =>
    orderImporter('audited').import(bytesOf(csv), {}, { id: 'i1', onRead: quiet, audit });
  await imports.begin(started('i1'));
  const unstorable = read((summary) => ({ ...eventOf(summary), subject: 'not a text \0' }));
  await expect(unstorable).rejects.toMatchObject({ code: 'invalid' });
  expect(await withTenant('audited', (tx) => tx.customerOrder.count())).toBe(0);
  expect(await auditOf('audited')).toEqual([]);
  await read(eventOf);
  expect(await withTenant('audited', (tx) => tx.customerOrder.count())).toBe(2);
  expect(await auditOf('audited')).toEqual([{ detail: { orders: 2 }, roles: [], before: null }]);
  expect(await auditChains().verify('audited')).toMatchObject({ rows: 1 });
});

it('says that an import is done exactly if its orders are stored', async () => {
  const imports = orderImports('bar');
  await orderImporter('bar').import(bytesOf(csv), {}, { id: 'i1', onRead: quiet, audit: eventOf });
  expect(await imports.latest()).toMatchObject({
    state: 'done',
    result: {
      orders: 2,
      customers: 1,
      newOrders: 2,
      newCustomers: 1,
      refunds: 1,
      firstOrderAt: new Date('2024-01-01T00:00:00Z'),
      lastOrderAt: new Date('2024-02-01T00:00:00Z'),
    },
  });
});

it('takes an import that nobody tells of any more for interrupted, and lets it store nothing once another has begun', async () => {
  const imports = orderImports('late');
  await imports.begin(started('i1'));
  await silence('late');
  expect(await imports.latest()).toMatchObject({ state: 'interrupted', endedAt: expect.any(Date) });
  await imports.begin(started('i2'));
  const stale = orderImporter('late').import(bytesOf(csv), {}, { id: 'i1', onRead: quiet, audit: eventOf });
  await expect(stale).rejects.toMatchObject({ code: 'conflict' });
  expect(await withTenant('late', (tx) => tx.customerOrder.count())).toBe(0);
  expect(await imports.latest()).toMatchObject({ id: 'i2', state: 'reading' });
});
