import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { featureNames } from '@/lib/domain/churn/feature-rows';
import { everyCustomer, fitNow, startScoredDatabase } from '@/local/testing/scored-database';
import { withTenantConnection } from '../core/tenant-scope';
import { featureColumns } from './feature-columns';
import { scoreStore } from './score-store';

const long = 'a-tenant-whose-name-is-as-long-as-it-may-';
/** Ids that would meet when they are joined to something or cut. */
const alike = ['foo-pkey', 'foo-2-pkey', `${long.slice(0, 39)}1`, `${long.slice(0, 39)}2`];

let database: Awaited<ReturnType<typeof startScoredDatabase>>;
beforeAll(async () => {
  database = await startScoredDatabase(['foo', 'foo-2', 'bar', ...alike]);
  await scoreStore('bar').rescore(fitNow);
  await scoreStore('foo', { ownSheetFrom: 1 }).rescore(fitNow);
  await scoreStore('foo-2').rescore(fitNow);
  await database.revise('foo-2');
  await scoreStore('foo-2', { ownSheetFrom: 1 }).rescore(fitNow);
});
afterAll(() => database?.stop());

describe('a sheet', () => {
  const sheets = async (tenant: string) =>
    (
      await database.admin.query<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relnamespace = 'sheet'::regnamespace AND relkind = 'r' AND relname ~ ('^' || $1 || '_\\d+$')`,
        [tenant],
      )
    ).rows.map(({ name }) => name);

  it('takes the place of the one before, and of rows in the shared partition', async () => {
    const [before] = await sheets('foo-2');
    await database.revise('foo-2');
    await scoreStore('foo-2', { ownSheetFrom: 1 }).rescore(fitNow);
    const after = await sheets('foo-2');
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
    const { rows } = await database.admin.query('SELECT DISTINCT tenant_id FROM crm.customer_score_shared');
    expect(rows).toEqual([{ tenant_id: 'bar' }]);
    // Grown small again, the tenant is scored where it is.
    await database.revise('foo-2');
    await scoreStore('foo-2', { ownSheetFrom: 1000 }).rescore(fitNow);
    expect(await sheets('foo-2')).toEqual(after);
    expect(await everyCustomer('foo-2')).toHaveLength(61);
  });

  it('is each tenant’s own, however alike their ids are', async () => {
    for (const tenant of alike) await scoreStore(tenant, { ownSheetFrom: 1 }).rescore(fitNow);
    for (const tenant of alike) {
      await database.revise(tenant);
      expect(await scoreStore(tenant, { ownSheetFrom: 1 }).rescore(fitNow)).toMatchObject({
        outcome: 'scored',
      });
    }
    for (const tenant of ['foo', ...alike]) {
      expect(await sheets(tenant), tenant).toHaveLength(1);
      expect(await everyCustomer(tenant), tenant).toHaveLength(61);
    }
  });

  it('is read in the order of each list from an index', async () => {
    const orders = [
      ['TRUE', 'probability DESC, customer_id DESC'],
      ['TRUE', 'customer_id'],
      ...['recency_days', 'frequency', 'monetary_mean', 'spend_90d', 'orders_90d'].map((column) => [
        'band = 2',
        `${column} DESC, customer_id DESC`,
      ]),
    ];
    for (const [which, order] of orders) {
      const plan = await withTenantConnection('foo-2', async (client) => {
        await client.query('SET LOCAL enable_seqscan = off');
        const { rows } = await client.query(
          `EXPLAIN SELECT customer_id FROM crm.customer_score WHERE tenant_id = $1 AND ${which} ORDER BY ${order} LIMIT 3`,
          ['foo-2'],
        );
        return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
      });
      expect(plan, order).toMatch(/Index (Only )?Scan/);
      expect(plan, order).not.toMatch(/Sort|shared|foo-2.*\n.*foo_\d/);
    }
  });

  it('waits for a reader without making others wait', async () => {
    await database.revise('foo-2');
    const reader = new pg.Client({ connectionString: database.adminUrl });
    await reader.connect();
    await reader.query(`BEGIN; SELECT count(*) FROM crm.customer_score WHERE tenant_id = 'foo-2'`);
    let done = false;
    const rescoring = scoreStore('foo-2', { ownSheetFrom: 1 })
      .rescore(fitNow)
      .finally(() => {
        done = true;
      });
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%seat_score_sheet%'`;
    while ((await database.admin.query(waiting)).rows.length === 0) expect(done).toBe(false);
    expect(await everyCustomer('foo-2')).toHaveLength(61);
    expect(done).toBe(false);
    await reader.query('COMMIT');
    await reader.end();
    expect(await rescoring).toMatchObject({ outcome: 'scored' });
    expect(await everyCustomer('foo-2')).toHaveLength(61);
  });

  it('cannot be reached by another tenant or without one', async () => {
    const [sheet = ''] = await sheets('foo-2');
    const denied = { code: 'dependency_denied' };
    await expect(
      withTenantConnection('bar', (client) => client.query(`SELECT * FROM sheet."${sheet}"`)),
    ).rejects.toMatchObject(denied);
    await expect(
      withTenantConnection('foo-2', (client) => client.query(`SELECT * FROM sheet."${sheet}"`)),
    ).rejects.toMatchObject(denied);
    await expect(
      withTenantConnection('', (client) => client.query('SELECT * FROM crm.open_score_sheet()')),
    ).rejects.toMatchObject(denied);
    await expect(
      withTenantConnection('bar', async (client) => {
        const { rows } = await client.query<{ sheet: string }>('SELECT sheet FROM crm.open_score_sheet()');
        await client.query(
          `INSERT INTO ${rows[0]?.sheet} (tenant_id, customer_id, ${featureColumns()})
           VALUES ('foo', 'x', ${featureNames.map(() => 0).join(', ')})`,
        );
      }),
    ).rejects.toMatchObject(denied);
    const open = await database.admin.query(
      `SELECT c.relname FROM pg_class c WHERE relnamespace IN ('crm'::regnamespace, 'sheet'::regnamespace) AND relkind IN ('r', 'p')
         AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid))`,
    );
    expect(open.rows).toEqual([]);
  });
});
