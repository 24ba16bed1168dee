import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryGroup } from '@/lib/domain/churn/ports';
import { policyOf } from '@/lib/domain/testing/extract-world';
import { bytesOf, startTestDatabase } from '@/local/testing/database';
import { request, rowsOf } from '@/local/testing/extract-fixtures';
import type { TestDatabase } from '@/local/testing/postgres';
import { fitNow } from '@/local/testing/scored-database';
import { customerStore } from '../crm/customer-store';
import { orderImporter } from '../crm/order-importer';
import { closeReplica, openReplica } from '../extracts/replica';
import { scoreComparisons } from '../scoring/score-comparison';
import { scoreStore } from './score-store';

const tenantId = 'shop';
/** as_of is 2024-07-01; the window of 90 days begins on 2024-04-02. */
const file = `customer_id,ordered_at,quantity,amount
kept,2024-01-01,1,100
kept,2024-03-01,1,50
kept,2024-06-20,-1,-30
early,2024-02-01,1,-20.00
early,2024-04-02,1,40
early,2024-04-02,1,-40
early,2024-04-03,1,0
only,2024-06-01,1,-5
last,2024-06-30,1,10
`;
const groups: HistoryGroup[] = [];

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase([tenantId]);
  await openReplica(postgres.portalUrl);
  await orderImporter(tenantId).import(bytesOf(file));
  await scoreStore(tenantId).rescore(async (history) => {
    for await (const batch of history.batches) groups.push(...batch);
    return fitNow(history);
  });
});
afterAll(async () => {
  await closeReplica();
  await postgres?.stop();
});

describe('refunds', () => {
  it('lower spend, and are no orders', async () => {
    const featuresOf = async (id: string) => (await customerStore(tenantId).get(id))?.features;
    expect(await featuresOf('kept')).toEqual({
      recencyDays: 122,
      frequency: 2,
      monetaryMean: 60,
      tenureDays: 182,
      orders90d: 0,
      spend90d: -30,
      gapMeanDays: 60,
      tickets90d: 0,
    });
    expect(await featuresOf('early')).toMatchObject({
      recencyDays: 89,
      frequency: 2,
      monetaryMean: -10,
      tenureDays: 90,
      orders90d: 2,
      spend90d: 0,
    });
  });

  it('alone make nobody a customer with a score', async () => {
    expect(await customerStore(tenantId).get('only')).toMatchObject({ features: null, score: null });
  });

  it('are not in the histories that are fitted', () => {
    const sorted = groups.toSorted((x, y) => y.ageDays - x.ageDays);
    expect(sorted).toEqual([
      { repeats: 1, recencyDays: 60, ageDays: 182, customers: 1 },
      { repeats: 1, recencyDays: 1, ageDays: 90, customers: 1 },
      { repeats: 0, recencyDays: 0, ageDays: 1, customers: 1 },
    ]);
  });

  it('do not make a customer one who stayed, in training data and in the comparison', async () => {
    const asOf = new Date('2024-04-02');
    const rows = await rowsOf(request(policyOf('churn_training'), { tenantId, asOf }), tenantId);
    expect(rows.map(({ customer_id, churned }) => [customer_id, churned])).toEqual([['kept', '1']]);
    const past = await scoreComparisons(tenantId).past(10, async () => null);
    expect(past).toMatchObject({ asOf, customers: 1, rows: [{ ordered: false, repeats: 1 }] });
  });

  it('are listed with their sign', async () => {
    const { orders } = await customerStore(tenantId).orders('kept', { limit: 1 });
    expect(orders).toEqual([{ orderedAt: new Date('2024-06-20'), quantity: -1, amount: -30 }]);
  });
});
