import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { sealed } from '@/lib/domain/closing/certificate';
import type { Closing } from '@/lib/domain/closing/ports';
import { newClosing } from '@/lib/domain/closing/steps';
import { stepDone } from '@/lib/domain/stepwise';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { closingRecord, closings } from './closings';
import { tenantRowsOf } from './tenant-rows';

let postgres: TestDatabase;
const all = closings();
const at = new Date('2026-03-01T10:00:00.123Z');
const past = new Date('2026-02-01T00:00:00Z');
const later = new Date('2126-03-31T10:00:00.123Z');

beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar', 'kept', 'big', 'live', 'again']);
});
afterAll(() => postgres?.stop());

const event: AuditEvent = {
  action: 'tenants.close',
  subject: 'tenant/x',
  actorId: 'a',
  actorName: 'admin@xyz.example',
  requestId: 'r',
};
const wanted = (tenantId: string, deleteAfter: Date): Closing =>
  newClosing(
    { tenantId, reason: 'They left.', deleteAfter, askedBy: { id: 'a', name: 'admin@xyz.example' } },
    at,
  );
const begin = (tenantId: string, deleteAfter: Date) =>
  all.begin(wanted(tenantId, deleteAfter), ['active', 'suspended'], event);
const stateOf = async (id: string) =>
  (await withControl((tx) => tx.tenant.findUniqueOrThrow({ where: { id } }))).state;

/** Customers with an order each, a model that is active, and the figures of the history. */
const fill = (tenantId: string, customers: number) =>
  withTenant(
    tenantId,
    async (tx) => {
      await tx.$executeRaw`
        INSERT INTO crm.customer (tenant_id, id, name) SELECT ${tenantId}, 'c' || n, 'Ada ' || n FROM generate_series(1, ${customers}::int) n`;
      await tx.$executeRaw`
        INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount)
        SELECT ${tenantId}, 'c' || n, '2026-01-01', 1, 5 FROM generate_series(1, ${customers}::int) n`;
      await tx.$executeRaw`INSERT INTO crm.history (tenant_id) VALUES (${tenantId}) ON CONFLICT DO NOTHING`;
      await tx.$executeRaw`
        INSERT INTO model_version (tenant_id, version, endpoint_name, content_type, tested_at, report, registered_by, registered_at)
        VALUES (${tenantId}, 1, 'churn', 'text/csv', now(), '{}', 'ada', now())`;
      await tx.$executeRaw`
        INSERT INTO model_activation (tenant_id, number, version, activated_by, activated_at) VALUES (${tenantId}, 1, 1, 'ada', now())`;
      await tx.$executeRaw`INSERT INTO scoring (tenant_id) VALUES (${tenantId})`;
    },
    { timeoutMs: 60_000 },
  );

describe('closings', () => {
  it('move the tenant, and keep the record and the audit event, at once', async () => {
    await begin('foo', later);
    expect(await all.get('foo')).toEqual(wanted('foo', later));
    expect(await closingRecord('foo').load()).toEqual(wanted('foo', later));
    expect(await closingRecord('bar').load()).toBeNull();
    expect(await stateOf('foo')).toBe('closing');
    expect(await withTenant('foo', (tx) => tx.auditEvent.count())).toBe(1);
    await expect(begin('foo', later)).rejects.toMatchObject({ code: 'conflict' });
    await expect(begin('nobody', later)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('take one of two writes, and store when data may be deleted only for the control plane', async () => {
    const present = (await closingRecord('foo').load()) as Closing;
    const next = stepDone(present, 'notice', at);
    const results = await Promise.allSettled([
      closingRecord('foo').update(next, null),
      all.update({ ...next, deleteAfter: past }, event),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const written = (await all.get('foo')) as Closing;
    await closingRecord('foo').update({ ...written, deleteAfter: past }, null);
    expect((await all.get('foo'))?.deleteAfter).toEqual(written.deleteAfter);
    await expect(
      withTenant('foo', (tx) => tx.$executeRaw`UPDATE closing SET delete_after = now()`),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
  });

  it('are open while something is to be done, not while data is kept', async () => {
    await begin('kept', later);
    const openOnes = async () =>
      (await all.open({ now: at, limit: 10 })).closings.map(({ tenantId }) => tenantId);
    expect(await openOnes()).toContain('kept');
    const record = closingRecord('kept');
    let closing = (await record.load()) as Closing;
    for (const step of ['notice', 'pause'] as const)
      closing = await record.update(stepDone(closing, step, at), null);
    expect(await openOnes()).not.toContain('kept');
    await all.update({ ...closing, deleteAfter: past }, event);
    expect(await openOnes()).toContain('kept');
  });

  it('can be taken back, and begin again', async () => {
    await begin('again', later);
    const closing = (await all.get('again')) as Closing;
    await all.update({ ...closing, state: 'cancelled' }, event, 'suspended');
    expect(await stateOf('again')).toBe('suspended');
    await begin('again', later);
    expect(await all.get('again')).toMatchObject({ state: 'running', reason: 'They left.' });
  });

  it('end with the tenant closed, the certificate kept, and nothing that names people', async () => {
    await withControl((tx) =>
      tx.onboarding.create({
        data: {
          tenantId: 'bar',
          ownerEmail: 'olga@bar.example',
          state: 'done',
          steps: [],
          askedById: 'a',
          askedBy: 'admin@xyz.example',
          askedAt: at,
          updatedAt: at,
        },
      }),
    );
    await begin('bar', past);
    const closing = (await closingRecord('bar').load()) as Closing;
    const certificate = sealed('{"a":1}');
    await closingRecord('bar').end({ ...closing, state: 'done', certificate }, event);
    expect(await stateOf('bar')).toBe('closed');
    expect(await all.get('bar')).toMatchObject({ state: 'done', certificate });
    expect(await withControl((tx) => tx.onboarding.findUnique({ where: { tenantId: 'bar' } }))).toBeNull();
  });
});

describe('tenantRowsOf', () => {
  it('lets nothing go of a tenant that nobody closes, or whose data is kept, whatever the code says', async () => {
    await fill('live', 3);
    const rows = tenantRowsOf('live');
    await expect(rows.purge()).rejects.toMatchObject({ code: 'dependency_denied' });
    await begin('live', later);
    await expect(rows.purge()).rejects.toMatchObject({ code: 'dependency_denied' });
    for (const relation of ['model_version', 'scoring', 'contract_report', 'crm.watermark']) {
      const deleted = await withTenant('live', (tx) => tx.$executeRawUnsafe(`DELETE FROM ${relation}`)).catch(
        (error: { code: string }) => error.code,
      );
      expect([0, 'dependency_denied'], relation).toContain(deleted);
    }
    expect(await rows.count()).toEqual({ people: 0, customers: 3, orders: 3, tickets: 0, models: 1 });
  });

  it('deletes all rows of the one tenant, in short statements, as often as it is asked', async () => {
    await fill('big', 12_000);
    await begin('big', past);
    const rows = tenantRowsOf('big');
    expect(await rows.count()).toMatchObject({ customers: 12_000, orders: 12_000, models: 1 });
    let passes = 0;
    while (await rows.purge()) passes += 1;
    expect(passes).toBeLessThan(3);
    expect(await rows.purge()).toBe(false);
    expect(await rows.count()).toEqual({ people: 0, customers: 0, orders: 0, tickets: 0, models: 0 });
    expect(await withTenant('big', (tx) => tx.customerTerm.count())).toBe(0);
    expect(await tenantRowsOf('live').count()).toMatchObject({ customers: 3 });
    await expect(withTenant('big', (tx) => tx.$queryRaw`SELECT crm.salted_hash('x')`)).rejects.toBeDefined();
  });
});
