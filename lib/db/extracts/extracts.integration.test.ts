import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { datasets } from '@/lib/domain/extracts/datasets';
import {
  type DatasetName,
  datasetNames,
  type ExtractPolicy,
  type Mask,
  masks,
} from '@/lib/domain/extracts/ports';
import { extractQuery } from '@/lib/domain/extracts/query';
import { policyOf } from '@/lib/domain/testing/extract-world';
import { isAnnexError } from '@/lib/errors';
import { request, rowsOf } from '@/local/testing/extract-fixtures';
import { asOf, at, orders, startScoredDatabase } from '@/local/testing/scored-database';
import { startingReplica } from '@/local/testing/starting-replica';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { extractPolicies } from './extract-policies';
import { closeReplica, extractReader, openReplica } from './replica';

let database: Awaited<ReturnType<typeof startScoredDatabase>>;

beforeAll(async () => {
  database = await startScoredDatabase(['foo', 'bar'], ['none']);
  await openReplica(database.portalUrl);
  for (const tenant of ['foo', 'bar']) await fillPeople(tenant);
});
afterAll(async () => {
  await closeReplica();
  await database?.stop();
});

/** Names, addresses and subjects that are found again wherever they come out. */
async function fillPeople(tenant: string): Promise<void> {
  await database.admin.query(
    `UPDATE crm.customer SET name = 'Canary ' || id || ' of ' || tenant_id, email = 'canary.' || id || '@' || tenant_id || '.example' WHERE tenant_id = $1`,
    [tenant],
  );
  await database.admin.query(`UPDATE crm.ticket SET subject = 'canary subject ' || id WHERE tenant_id = $1`, [
    tenant,
  ]);
}

describe('the rows', () => {
  it('are the tenant’s own, those of the range, and as many as are said', async () => {
    const all = await rowsOf(request(policyOf('orders')));
    expect(all).toHaveLength(orders.length + 1);
    const range = { from: at(30), before: asOf };
    const some = await rowsOf(request(policyOf('orders'), { range }));
    expect(some).toHaveLength(
      orders.filter(({ orderedAt }) => orderedAt >= at(30) && orderedAt < asOf).length,
    );
    expect(await rowsOf(request(policyOf('orders')), 'none')).toEqual([]);
    const preview = await extractReader('foo').preview(extractQuery(request(policyOf('orders'))), 10);
    expect(preview).toEqual(all.slice(0, 10).map((row) => Object.values(row)));
    const limited = { ...policyOf('orders'), rowLimit: 3 };
    const oneMore = await extractReader('foo').preview(extractQuery(request(limited)), 10);
    expect(oneMore).toEqual(all.slice(0, 4).map((row) => Object.values(row)));
    const estimate = (policy: ExtractPolicy) =>
      extractReader('foo').estimateRows(extractQuery(request(policy)));
    const counted = (policy: ExtractPolicy, rows: number) =>
      vi.waitFor(async () => expect(await estimate(policy)).toEqual({ rows, basis: 'counted' }), {
        timeout: 60_000,
      });
    await counted(policyOf('orders'), all.length);
    await counted(policyOf('churn_training'), 60);
    await counted(limited, 4);
  });

  it('are estimated when counting them takes too long', async () => {
    const statement = 'SELECT pg_sleep(2) FROM generate_series(1, 7)';
    const estimate = await extractReader('foo').estimateRows({ statement, values: [], columns: [] });
    expect(estimate).toEqual({ rows: 7, basis: 'estimated' });
  });

  it('are nobody’s when a statement of another tenant is run', async () => {
    expect(await rowsOf(request(policyOf('customers'), { tenantId: 'bar' }), 'foo')).toEqual([]);
  });

  it('are not changed by the reader', async () => {
    const query = { statement: 'DELETE FROM crm.customer RETURNING id', values: [], columns: [] };
    await expect(
      extractReader('foo').preview({ ...query, statement: 'SELECT 1; COMMIT' }, 1),
    ).rejects.toThrow();
    const writing = (statement: string) => extractReader('foo').preview({ ...query, statement }, 1);
    await expect(
      writing('WITH gone AS (DELETE FROM crm.customer RETURNING id) SELECT id FROM gone'),
    ).rejects.toThrow(/at the top level/);
    await expect(writing('SELECT sheet FROM crm.open_score_sheet()')).rejects.toThrow(/read-only/);
  });
});

describe('a replica that starts', () => {
  it.each([2, 4])('is asked again for a moment, and then named as away: %i refusals', async (refusals) => {
    const replica = await startingReplica(database.portalUrl, refusals);
    await replica.listen();
    try {
      await openReplica(replica.url);
      const preview = extractReader('foo').preview(extractQuery(request(policyOf('orders'))), 1);
      if (refusals === 2) expect(await preview).toHaveLength(1);
      else await expect(preview).rejects.toMatchObject({ code: 'dependency_failed' });
      expect(replica.refused()).toBe(refusals);
    } finally {
      await openReplica(database.portalUrl);
      replica.close();
    }
  });
});

describe('masks', () => {
  it('come out as they should', async () => {
    const [row] = await rowsOf(
      request(policyOf('customers', { name: 'redact', email: 'partial', created_at: 'generalize' })),
    );
    expect(row).toMatchObject({ customer_id: 'c000', name: '[redacted]', email: 'c***@foo.example' });
    expect(row?.created_at).toMatch(/^\d{4}-\d\d-01 00:00:00\+00$/);
    const [ten] = await rowsOf(request(policyOf('orders', { amount: 'generalize', quantity: 'redact' })));
    expect([Number(ten?.amount) % 10, ten?.quantity]).toEqual([0, null]);
    const [domain] = await rowsOf(
      request(policyOf('customers', { email: 'generalize', name: 'generalize' })),
    );
    expect([domain?.email, domain?.name]).toEqual(['*@foo.example', 'C*']);
  });

  it('hash alike within a tenant, unlike across two, and not without a salt', async () => {
    const hashed = async (tenantId: string) =>
      rowsOf(request(policyOf('customers', { customer_id: 'hash' }), { tenantId }), tenantId);
    const [foo, bar, again] = [await hashed('foo'), await hashed('bar'), await hashed('foo')];
    expect(foo[0]?.customer_id).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toEqual(foo);
    const keys = new Set(foo.map(({ customer_id }) => customer_id));
    expect(keys.size).toBe(foo.length);
    expect(bar.some(({ customer_id }) => keys.has(customer_id ?? ''))).toBe(false);
    const order = await rowsOf(request(policyOf('orders', { customer_id: 'hash' })));
    expect(keys.has(order[0]?.customer_id ?? '')).toBe(true);
    await expect(withTenant('', (tx) => tx.$queryRaw`SELECT crm.salted_hash('x')`)).rejects.toMatchObject({
      code: 'dependency_denied',
    });
  });

  it('leave nothing to read off the order of the rows', async () => {
    const hashed = await rowsOf(request(policyOf('orders', { customer_id: 'hash', ordered_at: 'drop' })));
    const ids = hashed.map(({ customer_id }) => customer_id ?? '');
    expect(ids).toEqual(ids.toSorted());
    const alike = await rowsOf(request(policyOf('orders', { customer_id: 'redact', ordered_at: 'drop' })));
    const amounts = alike.map(({ amount }) => Number(amount));
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
  });

  it('keep the salt where no statement of the product reads it', async () => {
    const denied = { code: 'dependency_denied' };
    await expect(withTenant('foo', (tx) => tx.$queryRaw`SELECT * FROM crm.mask_salt`)).rejects.toMatchObject(
      denied,
    );
    await expect(withTenant('foo', (tx) => tx.$queryRaw`SELECT crm.new_salt()`)).rejects.toMatchObject(
      denied,
    );
    await expect(withControl((tx) => tx.$queryRaw`SELECT crm.salted_hash('x')`)).rejects.toMatchObject(
      denied,
    );
    const { rows } = await database.admin.query<{ salts: number; tenants: number }>(
      'SELECT (SELECT count(DISTINCT salt)::int FROM crm.mask_salt) AS salts, (SELECT count(*)::int FROM tenant) AS tenants',
    );
    expect(rows[0]?.salts).toBe(rows[0]?.tenants);
  });

  it('hold whatever the policy: nothing that it masks comes out as it was', async () => {
    const anyPolicy = fc.constantFrom(...datasetNames).chain((dataset: DatasetName) =>
      fc.record({
        dataset: fc.constant(dataset),
        columns: fc.dictionary(
          fc.constantFrom(...datasets[dataset].columns.map(({ name }) => name)),
          fc.constantFrom<Mask>(...masks),
          { minKeys: 1 },
        ),
      }),
    );
    const secrets = {
      name: /Canary c\d+/,
      email: /canary\.c\d+/,
      subject: /canary subject/,
      customer_id: /^c\d{3}$/,
    };
    await fc.assert(
      fc.asyncProperty(anyPolicy, async ({ dataset, columns }) => {
        const about = { version: 1, rowLimit: null, createdAt: new Date(0), createdBy: 'a property' };
        const policy = { dataset, columns, ...about };
        const rows = await rowsOrRefusal(policy);
        for (const row of rows) {
          for (const name of Object.keys(row)) expect(['drop', undefined]).not.toContain(columns[name]);
          for (const [name, pattern] of Object.entries(secrets)) {
            const open = columns[name] === 'none';
            for (const [column, value] of Object.entries(row)) {
              if (!(open && column === name))
                expect(value ?? '', `${column} ${columns[column]}`).not.toMatch(pattern);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

async function rowsOrRefusal(policy: ExtractPolicy) {
  try {
    return (await rowsOf(request(policy))).slice(0, 20);
  } catch (error) {
    if (isAnnexError(error, 'invalid')) return [];
    throw error;
  }
}

describe('policies', () => {
  it('mask names, addresses and subjects from the beginning', async () => {
    const all = await extractPolicies('foo').all();
    expect(all.map(({ dataset }) => dataset).toSorted()).toEqual([...datasetNames].toSorted());
    expect(all.find(({ dataset }) => dataset === 'customers')?.columns).toMatchObject({
      name: 'redact',
      email: 'hash',
    });
    expect((await extractPolicies('foo').current('tickets'))?.columns.subject).toBe('redact');
    for (const { dataset, columns } of all) {
      const known = datasets[dataset].columns.map(({ name }) => name);
      expect(Object.keys(columns).toSorted()).toEqual(known.toSorted());
    }
  });

  it('are written by the control plane, a version at a time, and never changed', async () => {
    const columns = { customer_id: 'none', amount: 'generalize' };
    const next = { dataset: 'orders', version: 2, columns, createdBy: 'admin' };
    await expect(withTenant('foo', (tx) => tx.extractPolicy.create({ data: next }))).rejects.toMatchObject({
      code: 'dependency_denied',
    });
    await withControl((tx) => tx.extractPolicy.create({ data: next }));
    await expect(withControl((tx) => tx.extractPolicy.create({ data: next }))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await extractPolicies('bar').current('orders')).toMatchObject({ version: 2, columns });
    await expect(withControl((tx) => tx.extractPolicy.deleteMany())).rejects.toMatchObject({
      code: 'dependency_denied',
    });
    await expect(database.admin.query(`UPDATE extract_policy SET version = 9`)).rejects.toThrow(
      'append-only',
    );
  });
});
