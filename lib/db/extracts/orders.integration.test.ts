import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withTenant } from '../core/tenant-scope';
import { extractOrders } from './orders';

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar']);
});
afterAll(() => postgres?.stop());

const order = { requestId: 'r', manifest: '{"dataset":"orders"}' };
const raise = async (tenantId: string) => (await extractOrders(tenantId).seal(order)).watermark;
const marks = (tenantId: string) => withTenant(tenantId, (tx) => tx.watermark.findMany());

describe('sealing an order', () => {
  it('gives each call a position of its own, a tenant apart', async () => {
    expect(await raise('foo')).toBe(1n);
    const positions = await Promise.all(Array.from({ length: 4 }, () => raise('foo')));
    expect(positions.toSorted()).toEqual([2n, 3n, 4n, 5n]);
    expect(await raise('bar')).toBe(1n);
    expect(await marks('foo')).toEqual([{ tenantId: 'foo', position: 5n, raisedAt: expect.any(Date) }]);
    expect(await marks('bar')).toMatchObject([{ tenantId: 'bar', position: 1n }]);
  });

  it('gives the job the rows of the tenant that sealed it, and of no other', async () => {
    const sealed = await extractOrders('foo').seal(order);
    const other = await extractOrders('bar').seal(order);
    const { watermark, manifest, seal } = sealed;
    const text = `${watermark} ${manifest}`;
    const seen = (tenant: string, given: string, proof: string) =>
      postgres.as('job', async (client) => {
        const set = `SELECT set_config('app.tenant_id', $1, false), set_config('app.order', $2, false), set_config('app.seal', $3, false)`;
        await client.query(set, [tenant, given, proof]);
        const { rows } = await client.query<{ id: string }>('SELECT id FROM tenant ORDER BY id');
        return rows.map(({ id }) => id);
      });
    expect(await seen('foo', text, seal)).toEqual(['foo']);
    expect(await seen('bar', text, seal)).toEqual([]);
    expect(await seen('foo', `${text} `, seal)).toEqual([]);
    expect(await seen('foo', text, other.seal)).toEqual([]);
    expect(await seen('foo', text, '')).toEqual([]);
    expect(
      await postgres.as('job', async (client) => (await client.query('SELECT FROM tenant')).rowCount),
    ).toBe(0);
  });

  it('lets the job hash as the tenant that sealed its order, and as no other', async () => {
    const { watermark, manifest, seal } = await extractOrders('foo').seal(order);
    const hashed = (tenant: string, proof: string) =>
      postgres.as('job', async (client) => {
        const set = `SELECT set_config('app.tenant_id', $1, false), set_config('app.order', $2, false), set_config('app.seal', $3, false)`;
        await client.query(set, [tenant, `${watermark} ${manifest}`, proof]);
        const { rows } = await client.query<{ hash: string }>(
          `SELECT crm.salted_hash('a@x.example') AS hash`,
        );
        return rows[0]?.hash;
      });
    const [preview] = await withTenant(
      'foo',
      (tx) => tx.$queryRaw<{ hash: string }[]>`SELECT crm.salted_hash('a@x.example') AS hash`,
    );
    expect(await hashed('foo', seal)).toBe(preview?.hash);
    await expect(hashed('bar', seal)).rejects.toMatchObject({ code: '42501' });
    await expect(hashed('foo', '')).rejects.toMatchObject({ code: '42501' });
  });

  it('is beyond the job’s login, which takes no role and reads nothing else', async () => {
    const refused = (statement: string) =>
      expect(postgres.as('job', (client) => client.query(statement))).rejects.toMatchObject({
        code: '42501',
      });
    for (const role of ['annex_tenant', 'annex_seller', 'annex_control', 'annex_owner', 'annex_portal']) {
      await refused(`SET ROLE ${role}`);
      await refused(`SELECT set_config('role', '${role}', true)`);
    }
    await refused(`SELECT crm.seal_order('x')`);
    await refused(`SELECT crm.order_seal('x')`);
    for (const table of [
      'app_user',
      'audit_event',
      'crm.mask_salt',
      'crm.customer_score',
      'crm.customer_term',
    ]) {
      await refused(`SELECT FROM ${table}`);
    }
    await refused(`DELETE FROM crm.customer`);
  });

  it('says until when everything had been committed', async () => {
    const before = Date.now();
    await raise('foo');
    const [mark] = await marks('foo');
    expect(mark?.raisedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(mark?.raisedAt.getTime()).toBeLessThanOrEqual(Date.now());
  });
});
