import { describe, expect, it } from 'vitest';
import { groups, type Role } from '@/lib/domain/actor';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { TenantContext } from '@/lib/domain/context';
import { type Job, jobsOf } from '@/lib/domain/jobs';
import { AnnexError } from '@/lib/errors';
import type { CustomerOverview, ImportSummary } from '../ports';
import { importOrders } from './import-orders';

const summary: ImportSummary = { orders: 3, customers: 2, newOrders: 3, newCustomers: 2, asOf: new Date(0) };

async function* csv() {
  yield Buffer.from('customer_id,ordered_at,quantity,amount\n');
}

function setUp({
  roles = ['system'] as readonly Role[],
  state = 'stale' as 'stale' | 'scored',
  queueFails = false,
  auditFails = false,
} = {}) {
  const jobs: Job[] = [];
  const audited: AuditEvent[] = [];
  const ports = {
    orders: { import: async () => summary },
    audit: {
      append: async (event: AuditEvent) => {
        if (auditFails) throw new AnnexError('dependency_failed', 'no database');
        audited.push(event);
      },
    },
    customers: { overview: async () => ({ scoring: { state } }) as CustomerOverview },
    jobs: jobsOf('foo', {
      send: async (job) => {
        if (queueFails) throw new AnnexError('dependency_failed', 'no queue');
        jobs.push(job);
      },
    }),
  } as unknown as TenantContext['ports'];
  const quiet = () => undefined;
  const context: TenantContext = {
    actor: { id: 'worker', name: 'Annex', roles },
    tenant: { id: 'foo', name: 'Foo', state: 'active', accountId: null, createdAt: new Date(0) },
    requestId: 'r1',
    log: { info: quiet, warn: quiet, error: quiet },
    now: () => new Date(0),
    ports,
  };
  return { context, jobs, audited };
}

describe('importOrders', () => {
  it('imports, records the import, and requests a refit', async () => {
    const { context, jobs, audited } = setUp();
    expect(await importOrders(context, { csv: csv() })).toEqual({ ...summary, scores: 'requested' });
    expect(jobs).toEqual([{ kind: 'churn.refit', tenantId: 'foo' }]);
    expect(audited).toMatchObject([
      { action: 'orders.import', detail: { orders: 3, newOrders: 3, newCustomers: 2 } },
    ]);
  });

  it('requests no refit when the scores are up to date', async () => {
    const { context, jobs } = setUp({ state: 'scored' });
    expect(await importOrders(context, { csv: csv() })).toMatchObject({ scores: 'current' });
    expect(jobs).toEqual([]);
  });

  it('succeeds without the queue: the sweep requests the scores', async () => {
    const { context, audited } = setUp({ queueFails: true });
    expect(await importOrders(context, { csv: csv() })).toEqual({ ...summary, scores: 'later' });
    expect(audited).toHaveLength(1);
  });

  it('says that the orders are kept when the import cannot be audited', async () => {
    const { context, jobs } = setUp({ auditFails: true });
    await expect(importOrders(context, { csv: csv() })).rejects.toMatchObject({
      code: 'dependency_failed',
      message: expect.stringContaining('are kept'),
    });
    expect(jobs).toEqual([]);
  });

  it.each(groups)('is not for a %s', async (role) => {
    const { context } = setUp({ roles: [role] });
    await expect(importOrders(context, { csv: csv() })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('takes nothing but a stream', async () => {
    const { context } = setUp();
    await expect(importOrders(context, { csv: 'a,b' as never })).rejects.toMatchObject({ code: 'invalid' });
  });
});
