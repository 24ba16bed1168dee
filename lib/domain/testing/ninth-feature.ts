import type { FeatureDefinition } from '../churn/features';

/** A feature that is not in the table. */
export const ninthFeature: FeatureDefinition = {
  key: 'ordersTotal',
  name: 'orders_total',
  label: 'Orders',
  unit: 'orders',
  type: 'int',
  meaning: 'Orders so far',
  sql: 'orders',
  samples: { recent: 14, fading: 6, silent: 2, ordinary: 3 },
  madeUp: (n) => 1 + (n % 20),
};

/** The module `features` with the ninth feature in its table, for `vi.mock`. */
export async function withNinthFeature(importOriginal: () => Promise<typeof import('../churn/features')>) {
  const original = await importOriginal();
  return { ...original, churnFeatures: [...original.churnFeatures, ninthFeature] };
}
