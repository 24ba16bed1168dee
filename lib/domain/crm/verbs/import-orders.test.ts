import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/domain/actor';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { TenantContext } from '@/lib/domain/context';
import { type Job, jobsOf } from '@/lib/domain/jobs';
import { AnnexError } from '@/lib/errors';
import type { CustomerOverview, ImportSummary } from '../ports';
import { importOrders } from './import-orders';

const summary: ImportSummary = {
  orders: 3,
  customers: 2,
  newOrders: 3,
  newCustomers: 2,
  refunds: 1,
  firstOrderAt: new Date(0),
  lastOrderAt: new Date(0),
  asOf: new Date(0),
};

async function* csv(text = 'customer_id,ordered_at,quantity,amount\n') {
  yield Buffer.from(text);
}

type Ports = TenantContext['ports'];
type End = Parameters<Ports['orderImports']['end']>[1];
type Import = Ports['orders']['import'];

function setUp({
  roles = ['system'] as readonly Role[],
  state = 'stale' as 'stale' | 'scored',
  queueFails = false,
  auditFails = false,
  busy = false,
  imports = (async (file) => {
    for await (const _ of file);
    return summary;
  }) as Import,
} = {}) {
  const told: unknown[] = [];
  const ends: End[] = [];
  const jobs: Job[] = [];
  const audited: AuditEvent[] = [];
  const ports = {
    orders: {
      import: async (file, reading, recorded) => {
        const imported = await imports(file, reading, recorded);
        if (recorded) audited.push(recorded.audit(imported));
        return imported;
      },
    } satisfies Partial<Ports['orders']>,
    orderImports: {
      begin: async (started) => {
        if (busy) throw new AnnexError('conflict', 'under way');
        told.push(started);
      },
      progress: async (_, at) => void told.push(at),
      end: async (_, outcome) => void ends.push(outcome),
    } satisfies Partial<Ports['orderImports']>,
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
  return { context, jobs, audited, told, ends };
}

describe('importOrders', () => {
  it('imports, records the import, and requests a refit', async () => {
    const { context, jobs, audited } = setUp();
    expect(await importOrders(context, { csv: csv() })).toEqual({ ...summary, scores: 'requested' });
    expect(jobs).toEqual([{ kind: 'churn.refit', tenantId: 'foo' }]);
    expect(audited).toMatchObject([
      { action: 'orders.import', detail: { orders: 3, newOrders: 3, newCustomers: 2, refunds: 1 } },
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

  it('says why a file was refused also when that cannot be audited', async () => {
    const { context, jobs, ends } = setUp({
      auditFails: true,
      imports: async () => {
        throw new AnnexError('invalid', 'line 1: no.');
      },
    });
    await expect(importOrders(context, { csv: csv() })).rejects.toMatchObject({ message: 'line 1: no.' });
    expect(ends).toMatchObject([{ state: 'refused' }]);
    expect(jobs).toEqual([]);
  });

  it('tells who imports what, how far it is, and that the file was read', async () => {
    const { context, told, ends } = setUp({
      imports: async (file, _, recorded) => {
        for await (const _ of file);
        recorded?.onRead();
        return summary;
      },
    });
    await importOrders(context, { csv: csv('a\nb\nc'), file: { name: 'orders.csv', bytes: 5 } });
    expect(told).toEqual([
      { id: 'r1', startedBy: 'Annex', fileName: 'orders.csv', fileBytes: 5, reading: {} },
      { state: 'storing', readBytes: 5, readLines: 2 },
    ]);
    expect(ends).toEqual([]);
  });

  it('begins nothing while another import is under way', async () => {
    const { context, audited, ends } = setUp({ busy: true });
    await expect(importOrders(context, { csv: csv() })).rejects.toMatchObject({ code: 'conflict' });
    expect([audited, ends]).toEqual([[], []]);
  });

  it('records why a file was refused, and how it could be read', async () => {
    const { context, audited, ends } = setUp({
      imports: async (file) => {
        for await (const _ of file);
        throw new AnnexError('invalid', 'line 1: no.');
      },
    });
    const file = csv('Kunde;Datum;Menge;Betrag\nk1;31.01.2024;1;5,00\n');
    await expect(importOrders(context, { csv: file })).rejects.toMatchObject({ code: 'invalid' });
    expect(ends).toEqual([
      {
        state: 'refused',
        reason: 'line 1: no.',
        proposal: {
          columns: ['Kunde', 'Datum', 'Menge', 'Betrag'],
          customerId: 'Kunde',
          orderedAt: 'Datum',
          quantity: 'Menge',
          amount: 'Betrag',
          separator: ';',
          decimal: ',',
          format: '%d.%m.%Y',
        },
      },
    ]);
    expect(audited).toMatchObject([
      { action: 'orders.import', result: 'refused', detail: { state: 'refused' } },
    ]);
    expect(JSON.stringify(audited)).not.toContain('line 1');
  });

  it('records a file that does not arrive whole, and a failure that nobody is to see', async () => {
    const broken = setUp();
    async function* half() {
      yield Buffer.from('a\n');
      throw new AnnexError('invalid', 'The upload broke off.');
    }
    await expect(importOrders(broken.context, { csv: half() })).rejects.toThrow('broke off');
    expect(broken.ends).toMatchObject([{ state: 'interrupted', proposal: null }]);
    expect(broken.audited).toMatchObject([{ result: 'failed', detail: { state: 'interrupted' } }]);
    const failing = setUp({
      imports: async () => {
        throw new Error('secret');
      },
    });
    await expect(importOrders(failing.context, { csv: csv() })).rejects.toThrow('secret');
    expect(failing.ends).toMatchObject([{ state: 'failed', reason: expect.not.stringContaining('secret') }]);
  });

  it.each(['member', 'admin', 'seller'] as const)('is not for a %s', async (role) => {
    const { context } = setUp({ roles: [role] });
    await expect(importOrders(context, { csv: csv() })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('takes nothing but a stream', async () => {
    const { context } = setUp();
    await expect(importOrders(context, { csv: 'a,b' as never })).rejects.toMatchObject({ code: 'invalid' });
  });
});
