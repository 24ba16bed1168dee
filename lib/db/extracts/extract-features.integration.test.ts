import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { churnFeatures } from '@/lib/domain/churn/features';
import { extractQuery } from '@/lib/domain/extracts/query';
import { policyOf } from '@/lib/domain/testing/extract-world';
import { dayMs as day } from '@/lib/domain/time';
import { most, request, rowsOf } from '@/local/testing/extract-fixtures';
import { at, everyCustomer, fitNow, orders, startScoredDatabase } from '@/local/testing/scored-database';
import { scoreStore } from '../churn/score-store';
import { closeReplica, extractReader, openReplica } from './replica';

let database: Awaited<ReturnType<typeof startScoredDatabase>>;

beforeAll(async () => {
  database = await startScoredDatabase(['foo', 'bar']);
  await openReplica(database.portalUrl);
  await scoreStore('foo').rescore(fitNow);
});
afterAll(async () => {
  await closeReplica();
  await database?.stop();
});

describe('features', () => {
  it('are those that the scores were computed from', async () => {
    const rows = await rowsOf(request(policyOf('churn_features')));
    const stored = (await everyCustomer('foo')).filter(({ features }) => features !== null);
    expect(rows).toHaveLength(stored.length);
    for (const [n, { id, features }] of stored.entries()) {
      const row = rows[n];
      expect(row?.customer_id).toBe(id);
      for (const { name, key } of churnFeatures) {
        expect(Number(row?.[name]), `${id} ${name}`).toBe(features?.[key]);
      }
    }
  });

  it('at an earlier date know nothing of what came after, and the label only of the 90 days', async () => {
    for (const daysBefore of [90, 200, 401]) {
      const date = new Date(Math.floor(at(daysBefore).getTime() / day) * day);
      const rows = await rowsOf(request(policyOf('churn_training'), { asOf: date }));
      const known = orders.filter(({ orderedAt }) => orderedAt < date);
      const ids = [...new Set(known.map(({ customer }) => customer))].toSorted();
      expect(rows.map(({ customer_id }) => customer_id)).toEqual(ids);
      for (const row of rows) {
        const own = known.filter(({ customer }) => customer === row.customer_id);
        const after = orders.filter(
          ({ customer, orderedAt }) =>
            customer === row.customer_id &&
            orderedAt >= date &&
            orderedAt.getTime() < date.getTime() + 90 * day,
        );
        expect(row.churned, String(row.customer_id)).toBe(after.length > 0 ? '0' : '1');
        const amount = own.reduce((sum, order) => sum + order.amount, 0);
        expect(Number(row.monetary_mean)).toBeCloseTo(amount / own.length, 6);
        const recent = own.filter(({ orderedAt }) => orderedAt.getTime() >= date.getTime() - 90 * day);
        expect(Number(row.orders_90d)).toBe(recent.length);
      }
    }
  });

  it('end where the label begins, and the label where the 90 days end, to the millisecond', async () => {
    const date = new Date('2020-01-01');
    const away = (days: number, ms = 0) => new Date(date.getTime() + days * day + ms);
    const edges: Readonly<Record<string, readonly Date[]>> = {
      first: [away(-90), away(0)],
      early: [away(-90, -1), away(90)],
      last: [away(0, -1), away(90, -1)],
      late: [away(0)],
    };
    for (const [customer, instants] of Object.entries(edges)) {
      for (const at of instants) {
        await database.admin.query(
          `INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount, occurrence)
           VALUES ('bar', $1, $2, 1, 5, 1)`,
          [customer, at],
        );
        await database.admin.query(`INSERT INTO crm.ticket VALUES ('bar', $1, $2, $3, 'help')`, [
          `${customer} ${at.getTime()}`,
          customer,
          at,
        ]);
      }
    }
    const rows = await rowsOf(request(policyOf('churn_training'), { tenantId: 'bar', asOf: date }), 'bar');
    expect(
      rows.map((row) => [
        row.customer_id,
        ...[row.churned, row.recency_days, row.frequency, row.orders_90d, row.tickets_90d].map(Number),
      ]),
    ).toEqual([
      ['early', 1, 91, 1, 0, 0],
      ['first', 0, 90, 1, 1, 1],
      ['last', 0, 1, 1, 1, 1],
    ]);
  });

  it('are laid out for XGBoost as numbers alone, the label first', async () => {
    const query = extractQuery(request(policyOf('churn_training'), { format: 'xgboost', asOf: at(100) }));
    const rows = await extractReader('foo').preview(query, most);
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      expect(row).toHaveLength(9);
      expect(['0', '1']).toContain(row[0]);
      expect(row.every((value) => value !== null && Number.isFinite(Number(value)))).toBe(true);
    }
  });
});
