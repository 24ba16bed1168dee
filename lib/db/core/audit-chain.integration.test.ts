import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { auditChains } from './audit-chain';
import { appendAudit, auditLog } from './audit-log';
import { withControl } from './control-scope';
import { withTenant } from './tenant-scope';
import type { Transaction } from './transaction';

const tampered = [
  't-altered',
  't-alien',
  't-removed',
  't-missing',
  't-moved',
  't-cut',
  't-added',
  't-behind',
];
let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar', 'baz', 'quux', ...tampered]);
});
afterAll(() => postgres?.stop());

const event = (subject: string): AuditEvent => ({
  action: 'extracts.submit',
  subject,
  actorId: 'a',
  actorName: 'Ada Łovelace 🦉',
  roles: ['owner', 'scientist'],
  requestId: 'r',
  result: 'asked',
  detail: { 'a "b"': 'c, d\n\\', n: 1.5, no: null, yes: true },
  before: { state: 'queued' },
  after: { state: 'cancelled' },
});
const append = (tenantId: string | null, subject: string) => auditLog(tenantId).append(event(subject));
const put = (tx: Transaction, tenantId: string | null, subject: string) =>
  appendAudit(tx, tenantId, event(subject));
const verified = (chain: string) => auditChains().verify(chain);
const rowsAs = (role: 'owner' | 'portal' | 'admin', ...statements: string[]) =>
  postgres.as(role, async (client) => {
    let rows: Record<string, unknown>[] = [];
    for (const sql of statements) rows = (await client.query(sql)).rows;
    return rows;
  });
const many = [...Array(20).keys()];

describe('a chain', () => {
  it('has the rows of transactions that commit at the same time, without gaps', async () => {
    await Promise.all(many.map((n) => append('foo', `extract/${n}`)));
    expect(await verified('foo')).toMatchObject({ rows: 20 });
  });

  it('stands beside others: transactions that write to two, in whichever order, do not wait for each other forever', async () => {
    await Promise.all(
      many.map((n) =>
        withControl(async (tx) => {
          const [first, second] = n % 2 ? (['bar', null] as const) : ([null, 'bar'] as const);
          await put(tx, first, `user/${n}`);
          await tx.$queryRaw`SELECT count(*) FROM pg_sleep(0.01)`;
          await put(tx, second, `user/${n}`);
        }),
      ),
    );
    expect(await verified('bar')).toMatchObject({ rows: 20 });
    expect(await verified('')).toMatchObject({ rows: 20 });
    expect(await auditChains().names()).toEqual(['', 'bar', 'foo']);
  });

  it('has no gap where a transaction or a part of it was taken back, or a key was known', async () => {
    const broken = withTenant('baz', async (tx) => {
      await put(tx, 'baz', 'x/1');
      throw new Error('taken back');
    });
    await expect(broken).rejects.toThrow('taken back');
    await withTenant('baz', async (tx) => {
      await put(tx, 'baz', 'x/2');
      await tx.$executeRaw`SAVEPOINT before_it`;
      await put(tx, 'baz', 'x/3');
      await tx.$executeRaw`ROLLBACK TO SAVEPOINT before_it`;
    });
    for (let n = 0; n < 2; n += 1) await auditLog('baz').append({ ...event('x/4'), idempotencyKey: 'k' });
    expect(await verified('baz')).toMatchObject({ rows: 2 });
  });

  it('does not make a long transaction hold others up', async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let written = () => {};
    const begun = new Promise<void>((resolve) => {
      written = resolve;
    });
    const long = withTenant('quux', async (tx) => {
      await put(tx, 'quux', 'x/long');
      written();
      await gate;
    });
    await begun;
    await append('quux', 'x/short');
    expect(await verified('quux')).toMatchObject({ rows: 1 });
    go();
    await long;
    expect(await verified('quux')).toMatchObject({ rows: 2 });
  });

  it('is empty and whole for a tenant of which nothing is recorded', async () => {
    expect(await verified('nobody')).toEqual({ chain: 'nobody', rows: 0, hash: '00'.repeat(32) });
  });
});

describe('the roles of the product', () => {
  it('write neither links nor heads, nor say when an event was or what its place is', async () => {
    for (const role of ['annex_tenant', 'annex_control']) {
      for (const sql of [
        `INSERT INTO audit_link (event_id, chain, digest) VALUES ('x', 'foo', '')`,
        `UPDATE audit_link SET digest = ''`,
        'DELETE FROM audit_link',
        'TRUNCATE audit_link',
        `INSERT INTO audit_head VALUES ('x', 1, '')`,
        'UPDATE audit_head SET seq = 0',
        'DELETE FROM audit_head',
        'ALTER TABLE audit_event DISABLE TRIGGER USER',
        `INSERT INTO audit_event (id, tenant_id, actor_id, actor_name, action, subject, request_id, idempotency_key, at)
           VALUES ('x', 'foo', 'a', 'a', 'x', 'x', 'r', 'x', now())`,
        'SELECT audit_links_join_chains()',
      ]) {
        const refused = rowsAs('portal', `SET ROLE ${role}`, `SET app.tenant_id = 'foo'`, sql);
        await expect(refused, `${role}: ${sql}`).rejects.toMatchObject({ code: '42501' });
      }
    }
  });

  it('see links only across tenants', async () => {
    await expect(rowsAs('portal', 'SET ROLE annex_tenant', 'SELECT FROM audit_link')).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('are not the only ones: the owner and the superuser change no link either', async () => {
    for (const role of ['owner', 'admin'] as const) {
      for (const sql of [
        'UPDATE audit_link SET seq = seq + 100',
        'DELETE FROM audit_link',
        'TRUNCATE audit_link',
      ]) {
        await expect(rowsAs(role, sql), `${role}: ${sql}`).rejects.toThrow('append-only');
      }
    }
  });
});

describe('a row that the owner of the tables changed, with triggers and row-level security off,', () => {
  const off = ['audit_event', 'audit_link'].map(
    (table) => `ALTER TABLE ${table} DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY`,
  );
  const on = ['audit_event', 'audit_link'].map(
    (table) => `ALTER TABLE ${table} ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY`,
  );
  const third = (tenant: string) => `(SELECT event_id FROM audit_link WHERE chain = '${tenant}' AND seq = 3)`;

  it.each([
    [
      'altered',
      't-altered',
      3,
      (t: string) => [`UPDATE audit_event SET actor_name = 'Bob' WHERE id = ${third(t)}`],
    ],
    [
      'altered',
      't-alien',
      3,
      (t: string) => [`UPDATE audit_event SET tenant_id = 'foo' WHERE id = ${third(t)}`],
    ],
    ['removed', 't-removed', 3, (t: string) => [`DELETE FROM audit_event WHERE id = ${third(t)}`]],
    [
      'missing',
      't-missing',
      3,
      (t: string) => [
        `DELETE FROM audit_event WHERE id = ${third(t)}`,
        `DELETE FROM audit_link WHERE event_id = ${third(t)}`,
      ],
    ],
    [
      'moved',
      't-moved',
      3,
      (t: string) => [
        `UPDATE audit_link SET seq = -seq WHERE chain = '${t}' AND seq IN (3, 4)`,
        `UPDATE audit_link SET seq = 7 + seq WHERE chain = '${t}' AND seq < 0`,
      ],
    ],
    [
      'cut off',
      't-cut',
      5,
      (t: string) => [
        `DELETE FROM audit_event WHERE id = (SELECT event_id FROM audit_link WHERE chain = '${t}' AND seq = 5)`,
        `DELETE FROM audit_link WHERE chain = '${t}' AND seq = 5`,
      ],
    ],
    [
      'added',
      't-added',
      6,
      (t: string) => [
        `INSERT INTO audit_event (id, tenant_id, actor_id, actor_name, action, subject, request_id, idempotency_key)
         VALUES ('forged', '${t}', 'a', 'a', 'x', 'x', 'r', 'x')`,
      ],
    ],
    [
      'added',
      't-behind',
      6,
      (t: string) => [
        `INSERT INTO audit_event (id, tenant_id, actor_id, actor_name, action, subject, request_id, idempotency_key)
         VALUES ('forged too', '${t}', 'a', 'a', 'x', 'x', 'r', 'x')`,
        `INSERT INTO audit_link VALUES ('forged too', '${t}', 6, '', '')`,
      ],
    ],
  ])('is found when it was %s (%s)', async (fault, tenant, seq, statements) => {
    for (let n = 1; n <= 5; n += 1) await append(tenant, `extract/${n}`);
    expect(await verified(tenant)).toMatchObject({ rows: 5 });
    await rowsAs('owner', 'BEGIN', ...off, ...statements(tenant), ...on, 'COMMIT');
    expect(await verified(tenant)).toMatchObject({ chain: tenant, broken: { seq, fault } });
    expect(await verified('bar')).toMatchObject({ rows: 20 });
  });
});
