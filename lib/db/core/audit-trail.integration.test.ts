import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditQuery } from '@/lib/domain/audit/ports';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { auditTrail, auditTrails } from './audit-trail';

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar']);
  // Hours apart; two of each tenant at the same instant.
  await postgres.as('admin', (admin) =>
    admin.query(`
      INSERT INTO audit_event (id, tenant_id, at, actor_id, actor_name, roles, action, subject, result, request_id, idempotency_key)
      SELECT 'e' || lpad(n::text, 3, '0'), (ARRAY['foo', 'bar', NULL])[1 + n % 3], '2026-02-01Z'::timestamptz + (n / 6) * interval '1 hour',
        'a', (ARRAY['ada@x.example', 'bob@x.example'])[1 + n % 2], '{owner}', (ARRAY['extracts.submit', 'studio.launch'])[1 + n % 2],
        (ARRAY['extract/1_%', 'extract/1x', 'workbench/2'])[1 + n % 3], (ARRAY['done', 'failed'])[1 + n % 2], 'r', 'k' || n
      FROM generate_series(1, 300) n`),
  );
});
afterAll(() => postgres?.stop());

const ids = async (query: Partial<AuditQuery> & { readonly tenantId?: string } = {}) =>
  (await auditTrails().list({ limit: 500, ...query })).entries.map(({ id }) => id);

describe('the audit of all tenants', () => {
  it('is read page by page, newest first, there and back', async () => {
    const whole = await ids();
    expect(whole).toHaveLength(300);
    expect(whole).toEqual([...whole].sort().reverse());
    const pages: string[][] = [];
    let cursor: string | undefined;
    let back: string | null = null;
    do {
      const page = await auditTrails().list({ limit: 70, cursor });
      pages.push(page.entries.map(({ id }) => id));
      back = page.previous;
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(pages.flat()).toEqual(whole);
    expect(pages).toHaveLength(5);
    const before = await auditTrails().list({ limit: 70, cursor: back ?? '' });
    expect(before.entries.map(({ id }) => id)).toEqual(pages[3]);
    await expect(auditTrails().list({ limit: 1, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it.each<[string, Partial<AuditQuery> & { readonly tenantId?: string }, (n: number) => boolean]>([
    ['a tenant', { tenantId: 'foo' }, (n) => n % 3 === 0],
    ['a person', { actor: 'bob@x.example' }, (n) => n % 2 === 1],
    ['an action', { action: 'studio.launch' }, (n) => n % 2 === 1],
    ['a result', { result: 'failed' }, (n) => n % 2 === 1],
    ['the beginning of a subject', { subject: 'extract/' }, (n) => n % 3 !== 2],
    ['a subject with what LIKE would take for any text', { subject: 'extract/1_' }, (n) => n % 3 === 0],
    [
      'days',
      { from: new Date('2026-02-02Z'), before: new Date('2026-02-03Z') },
      (n) => Math.floor(n / 6) >= 24 && Math.floor(n / 6) < 48,
    ],
    [
      'all at once',
      {
        tenantId: 'foo',
        actor: 'bob@x.example',
        action: 'studio.launch',
        result: 'failed',
        subject: 'extract/1_',
      },
      (n) => n % 6 === 3,
    ],
  ])('is limited to %s', async (_, query, matches) => {
    const expected = [...Array(301).keys()].slice(1).filter(matches);
    expect((await ids(query)).reverse()).toEqual(expected.map((n) => `e${String(n).padStart(3, '0')}`));
  });
});

describe('the audit of a tenant', () => {
  it('has its own rows and no others, whatever is asked', async () => {
    const { entries } = await auditTrail('foo').list({ limit: 500 });
    expect(entries).toHaveLength(100);
    expect(new Set(entries.map(({ tenantId }) => tenantId))).toEqual(new Set(['foo']));
    expect(entries[0]).toEqual({
      id: 'e300',
      at: new Date('2026-02-03T02:00:00Z'),
      tenantId: 'foo',
      actorName: 'ada@x.example',
      roles: ['owner'],
      action: 'extracts.submit',
      subject: 'extract/1_%',
      result: 'done',
      detail: {},
      before: null,
      after: null,
      requestId: 'r',
    });
    const tricked = { limit: 500, tenantId: 'bar' };
    expect((await auditTrail('foo').list(tricked)).entries).toHaveLength(100);
    const { next } = await auditTrail('bar').list({ limit: 1 });
    const { entries: older } = await auditTrail('foo').list({ limit: 500, cursor: next ?? '' });
    expect(new Set(older.map(({ tenantId }) => tenantId))).toEqual(new Set(['foo']));
  });
});
