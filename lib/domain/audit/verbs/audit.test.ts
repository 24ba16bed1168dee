import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/domain/actor';
import { permissions } from '@/lib/domain/authorize';
import { World } from '@/lib/domain/testing/world';
import { type Audited, auditedActions, auditedNames } from '../actions';
import type { AuditEntry, AuditQuery } from '../ports';
import { forAdmins } from '../shown';
import { listAudit } from './list-audit';
import { listOwnAudit } from './list-own-audit';
import { verifyAudit } from './verify-audit';

const entry = (of: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'e',
  at: new Date(0),
  tenantId: 'foo',
  actorName: 'ada@foo.example',
  roles: ['scientist'],
  action: 'csv.exported',
  subject: 'customer/C 1/orders',
  result: 'done',
  detail: { band: 'high', note: 'SECRET' },
  before: { band: 'low', name: 'SECRET' },
  after: { name: 'SECRET' },
  requestId: 'r',
  ...of,
});

class AuditWorld extends World {
  asked: unknown[] = [];
  rows: AuditEntry[] = [entry()];

  private readonly list = async (query: AuditQuery) => {
    this.asked.push(query);
    return { entries: this.rows, next: null, previous: null };
  };

  as(role: Role) {
    return this.tenantContext(role, { auditTrail: { list: this.list } });
  }

  across(role: Role) {
    return this.controlContext(role, {
      auditTrails: { list: this.list },
      auditChains: {
        names: async () => ['', 'foo'],
        verify: async (chain) => ({ chain, rows: 1, hash: '' }),
      },
      tenants: {
        ...this.controlContext('system', {}).ports.tenants,
        get: async (id) => (id === 'foo' ? this.tenant : null),
      },
    });
  }
}

describe('the audit of a tenant', () => {
  it('is for its owners alone, and shows them everything', async () => {
    const world = new AuditWorld();
    expect((await listOwnAudit(world.as('owner'), {})).entries).toEqual(world.rows);
    for (const role of ['scientist', 'member', 'admin', 'seller', 'system'] as const) {
      await expect(listOwnAudit(world.as(role), {})).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('takes whole days in UTC, both included, and names the field at fault', async () => {
    const world = new AuditWorld();
    await listOwnAudit(world.as('owner'), { filter: { from: '2026-01-31', to: '2026-01-31', actor: ' a ' } });
    expect(world.asked).toEqual([
      {
        actor: 'a',
        from: new Date('2026-01-31T00:00:00Z'),
        before: new Date('2026-02-01T00:00:00Z'),
        limit: 50,
      },
    ]);
    for (const [filter, field] of [
      [{ from: '2026-02-30' }, 'filter.from'],
      [{ from: '2026-02-02', to: '2026-02-01' }, 'filter.to'],
      [{ action: 'nothing' as Audited }, 'filter.action'],
      [{ subject: ' ' }, 'filter.subject'],
    ] as const) {
      const refused = listOwnAudit(world.as('owner'), { filter });
      await expect(refused, field).rejects.toMatchObject({
        code: 'invalid',
        fields: { [field]: expect.any(String) },
      });
    }
  });
});

describe('the audit of all tenants', () => {
  it('is for administrators alone, and shows them nothing of a tenant’s rows', async () => {
    const world = new AuditWorld();
    const { entries } = await listAudit(world.across('admin'), { tenantId: 'foo' });
    expect(entries).toEqual([
      entry({ subject: 'customer', detail: { band: 'high' }, before: { band: 'low' }, after: {} }),
    ]);
    expect(world.asked).toEqual([{ limit: 50, tenantId: 'foo' }]);
    for (const role of ['owner', 'scientist', 'member', 'seller', 'system'] as const) {
      await expect(listAudit(world.across(role), {})).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('does not tell whether a tenant has a customer or an endpoint of some name', async () => {
    const world = new AuditWorld();
    for (const subject of ['customer/C1', 'endpoint/churn', '/']) {
      const refused = listAudit(world.across('admin'), { filter: { subject } });
      await expect(refused, subject).rejects.toMatchObject({
        code: 'invalid',
        fields: { subject: expect.any(String) },
      });
    }
    for (const subject of ['extract/01J', 'cust'])
      await listAudit(world.across('admin'), { filter: { subject } });
    expect(world.asked).toHaveLength(2);
  });

  it.each(auditedNames)('shows of %s what is listed, whatever else a row says', (action) => {
    const shown = auditedActions[action].admins;
    const all = Object.fromEntries([...shown, 'email of a customer', 'note'].map((name) => [name, name]));
    const seen = forAdmins(entry({ action, detail: all, before: all, after: null }));
    expect(Object.keys(seen.detail)).toEqual([...shown]);
    expect(Object.keys(seen.before ?? {})).toEqual([...shown]);
    expect(seen.after).toBeNull();
  });

  it('shows nothing of an action that Annex doesn’t know, and everything that is of no tenant', () => {
    expect(forAdmins(entry({ action: 'old.action' })).detail).toEqual({});
    const own = entry({ tenantId: null });
    expect(forAdmins(own)).toEqual(own);
  });
});

it('the chains are checked one by one, or one tenant’s', async () => {
  const ctx = new AuditWorld().across('system');
  const checked = async (input: { readonly tenantId?: string }) => {
    const chains: string[] = [];
    for await (const { chain } of await verifyAudit(ctx, input)) chains.push(chain);
    return chains;
  };
  expect(await checked({})).toEqual(['', 'foo']);
  expect(await checked({ tenantId: 'foo' })).toEqual(['foo']);
  await expect(checked({ tenantId: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  expect(permissions['audit.verify']).toEqual(['system']);
});
