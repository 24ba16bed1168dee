import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasets } from '@/lib/domain/extracts/datasets';
import { masksFor } from '@/lib/domain/extracts/masking';
import { datasetNames, type Mask } from '@/lib/domain/extracts/ports';
import type { NewPolicyVersion, PolicyContent } from '@/lib/domain/policies/ports';
import { generalised, groupsQuery, previewQuery, sampleSize, shownRows } from '@/lib/domain/policies/sample';
import { startTestDatabase } from '@/local/testing/database';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { extractPolicies } from './extract-policies';
import { policyBook } from './policy-book';
import { sampleReader } from './sample-reader';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
beforeAll(async () => {
  database = await startTestDatabase(['foo', 'bar']);
});
afterAll(() => database?.stop());

const book = policyBook();
const content = (masks: Readonly<Record<string, Mask>>, rowLimit: number | null = null): PolicyContent => ({
  columns: masks,
  rowLimit,
});
const write = (version: Partial<NewPolicyVersion> & Pick<NewPolicyVersion, 'dataset' | 'content' | 'base'>) =>
  book.append(
    {
      tenantId: null,
      effectiveAt: null,
      note: null,
      author: { id: 'sub-1', name: 'root@xyz.example' },
      ...version,
    },
    (number) => ({
      action: 'policies.change',
      subject: `policy/${version.dataset}`,
      actorId: 'sub-1',
      actorName: 'root@xyz.example',
      requestId: 'r-1',
      detail: { version: number },
    }),
  );
const inForceFor = async (tenant: string, dataset: 'orders' | 'tickets' | 'customers') => {
  const policy = await extractPolicies(tenant).current(dataset);
  return [policy?.version, policy?.rowLimit];
};
const tomorrow = () => new Date(Date.now() + 86_400_000);

describe('what is in force', () => {
  it('is the tenant’s override, for that tenant alone, until it ends', async () => {
    const dataset = 'orders';
    expect(await inForceFor('foo', dataset)).toEqual([1, null]);
    expect(await write({ dataset, tenantId: 'foo', base: 0, content: content({ amount: 'none' }, 5) })).toBe(
      2,
    );
    expect(await write({ dataset, base: 1, content: content({ amount: 'generalize' }) })).toBe(3);
    expect(await inForceFor('foo', dataset)).toEqual([2, 5]);
    expect(await inForceFor('bar', dataset)).toEqual([3, null]);
    expect(await book.overridden(dataset, 10)).toEqual({ tenants: [{ id: 'foo', name: 'FOO' }], total: 1 });
    expect(await write({ dataset, tenantId: 'foo', base: 2, content: null })).toBe(4);
    expect(await inForceFor('foo', dataset)).toEqual([3, null]);
    expect(await book.overridden(dataset, 10)).toEqual({ tenants: [], total: 0 });
    const all = await extractPolicies('foo').all();
    expect(all.map((policy) => policy.dataset).toSorted()).toEqual([...datasetNames].toSorted());
    expect(all.find((policy) => policy.dataset === dataset)?.version).toBe(3);
  });

  it('is not yet what begins later, and never what a newer version has overtaken', async () => {
    const dataset = 'tickets';
    const later = content({ subject: 'drop' }, 7);
    await write({ dataset, base: 1, content: later, effectiveAt: tomorrow() });
    await write({ dataset, tenantId: 'bar', base: 0, content: later, effectiveAt: tomorrow() });
    expect([await inForceFor('foo', dataset), await inForceFor('bar', dataset)]).toEqual([
      [1, null],
      [1, null],
    ]);
    const summary = async () => (await book.summaries()).find((one) => one.dataset === dataset);
    expect(await summary()).toMatchObject({ standard: { version: 1 }, overrides: 0, scheduled: 2 });
    // As if a day had passed.
    await database.as('admin', (client) =>
      client.query(`ALTER TABLE extract_policy DISABLE TRIGGER extract_policy_keeps_rows;
        UPDATE extract_policy SET effective_at = now() WHERE dataset = 'tickets' AND version > 1;
        ALTER TABLE extract_policy ENABLE TRIGGER extract_policy_keeps_rows`),
    );
    expect([await inForceFor('foo', dataset), await inForceFor('bar', dataset)]).toEqual([
      [2, 7],
      [3, 7],
    ]);
    expect(await summary()).toMatchObject({ standard: { version: 2 }, overrides: 1, scheduled: 0 });
    await write({ dataset, base: 2, content: later, effectiveAt: tomorrow() });
    await write({ dataset, base: 4, content: content({}) });
    expect(await summary()).toMatchObject({ standard: { version: 5 }, scheduled: 0 });
    const versions = await book.versions({ dataset, tenantId: null }, 10);
    expect(versions.map(({ version, begun }) => [version, begun])).toEqual([
      [5, true],
      [4, false],
      [2, true],
      [1, true],
    ]);
  });
});

describe('a version', () => {
  it('is written with its author and its audit row, or neither', async () => {
    const dataset = 'customers';
    const override = {
      dataset,
      tenantId: 'foo',
      content: content({ name: 'drop' }, 3),
      note: 'On request',
    } as const;
    const number = await write({ ...override, base: 0 });
    expect(await book.inForce({ dataset, tenantId: 'foo' })).toMatchObject({
      version: number,
      tenantId: 'foo',
      content: { columns: { name: 'drop' }, rowLimit: 3 },
      note: 'On request',
      createdBy: 'root@xyz.example',
      begun: true,
    });
    await expect(write({ ...override, base: 0 })).rejects.toMatchObject({ code: 'conflict' });
    const audited = await withControl((tx) =>
      tx.auditEvent.findMany({ where: { subject: 'policy/customers' } }),
    );
    expect(audited).toMatchObject([
      { tenantId: 'foo', action: 'policies.change', detail: { version: number } },
    ]);
  });

  it('gets a number of its own, however many are written at once', async () => {
    const dataset = 'churn_features';
    const results = await Promise.allSettled(
      ['foo', 'bar', 'foo', null].map((tenantId) =>
        write({ dataset, tenantId, base: tenantId === null ? 1 : 0, content: content({}) }),
      ),
    );
    const numbers = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(numbers.toSorted()).toEqual([2, 3, 4]);
    expect(results.find((each) => each.status === 'rejected')).toMatchObject({
      reason: { code: 'conflict' },
    });
  });

  it('of another tenant is seen by nobody inside a tenant, and none is written there', async () => {
    await write({
      dataset: 'churn_training',
      tenantId: 'bar',
      base: 0,
      content: content({ churned: 'none' }, 1),
    });
    const seen = await withTenant('foo', (tx) =>
      tx.extractPolicy.findMany({ where: { dataset: 'churn_training' } }),
    );
    expect(seen.map(({ version, tenantId }) => [version, tenantId])).toEqual([[1, null]]);
    const asked = await withTenant(
      'foo',
      (tx) => tx.$queryRaw`SELECT version FROM extract_policies_in_force('bar') WHERE tenant_id IS NOT NULL`,
    );
    expect(asked).toEqual([]);
    for (const tenantId of ['foo', null]) {
      const row = { dataset: 'churn_training', version: 9, tenantId, columns: {}, createdBy: 'ada' };
      await expect(withTenant('foo', (tx) => tx.extractPolicy.create({ data: row }))).rejects.toMatchObject({
        code: 'dependency_denied',
      });
    }
  });

  it('of another tenant is not seen by the extract job, without an order of that tenant', async () => {
    const seen = await database.as('job', async (client) => {
      await client.query(`SET app.tenant_id = 'bar'`);
      return client.query(`SELECT tenant_id FROM extract_policies_in_force('bar')`);
    });
    expect(seen.rows).toEqual(datasetNames.map(() => ({ tenant_id: null })));
  });
});

describe('generated rows', () => {
  it.each(datasetNames)('go through every mask of %s, and are grouped', async (dataset) => {
    const { columns } = datasets[dataset];
    for (const mask of ['none', 'redact', 'hash', 'partial', 'generalize'] as const) {
      const masks = Object.fromEntries(
        columns.map(({ name, type }) => [name, masksFor(type).includes(mask) ? mask : 'drop'] as const),
      );
      const rows = await sampleReader().read(previewQuery(dataset, masks));
      expect(rows).toHaveLength(shownRows);
      for (const [at, { name }] of columns.entries()) {
        const [before, after] = [rows[0]?.[`b${at + 1}`], rows[0]?.[`a${at + 1}`]];
        expect(before, name).toEqual(expect.any(String));
        if (mask === 'none') expect(after, name).toBe(before);
        if (mask === 'hash' && masks[name] === 'hash') expect(after).toMatch(/^[0-9a-f]{64}$/);
        if (masks[name] === 'drop') expect(after).toBeUndefined();
      }
      const groups = groupsQuery(dataset, masks);
      expect(groups === null).toBe(generalised(dataset, masks).length === 0);
      if (!groups) continue;
      const [found] = await sampleReader().read(groups);
      const [k, count] = [Number(found?.smallest), Number(found?.groups)];
      expect(k).toBeGreaterThan(0);
      expect(k * count).toBeLessThanOrEqual(sampleSize);
    }
  });

  it('are read where no tenant’s rows can be', async () => {
    const statement = `SELECT id FROM crm.customer WHERE {rows} <> ''`;
    await expect(sampleReader().read({ statement, rows: '[]' })).rejects.toMatchObject({
      code: 'dependency_denied',
    });
  });
});
