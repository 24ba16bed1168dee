import { horizonDays } from '../time';

/** Values of one feature for four invented customers with simple order histories. */
export interface FeatureSamples {
  /** Has just ordered. */
  readonly recent: number;
  /** Ordered some time ago. */
  readonly fading: number;
  /** Has not ordered for a long time. */
  readonly silent: number;
  /** A typical customer. */
  readonly ordinary: number;
}

export interface FeatureDefinition {
  /** Its name in the domain's records. */
  readonly key: string;
  /** Its name in the churn interface, stored columns, extracts and exports. */
  readonly name: string;
  readonly label: string;
  readonly unit: 'days' | 'orders' | 'currency' | 'tickets';
  /** Type in stored columns and in extracts. */
  readonly type: 'int' | 'float';
  readonly meaning: string;
  /** SQL expression over the columns of `historyTermsSql`, left-joined with `ticketCountsSql`. */
  readonly sql: string;
  readonly samples: FeatureSamples;
  /** Its value for customer `n` (0, 1, …) of the contract test: plausible, and the same in every run. */
  readonly madeUp: (n: number) => number;
}

/**
 * The eight features of churn interface version 1, in its order. Every list of features comes from this table: stored scores,
 * extracts, exports, pages, the interface with its JSON Schema, and requests to models. Refunds lower the amounts and are no
 * orders: a customer who only got refunds has no features.
 */
export const churnFeatures = [
  {
    key: 'recencyDays',
    name: 'recency_days',
    label: 'Recency',
    unit: 'days',
    type: 'float',
    meaning: 'Days since the last order',
    sql: 'since_last',
    samples: { recent: 3, fading: 48, silent: 265, ordinary: 30 },
    madeUp: madeUpRecency,
  },
  {
    key: 'frequency',
    name: 'frequency',
    label: 'Order days',
    unit: 'days',
    type: 'int',
    meaning: 'Days with at least one order',
    sql: 'order_days',
    samples: { recent: 12, fading: 5, silent: 2, ordinary: 3 },
    madeUp: madeUpOrderDays,
  },
  {
    key: 'monetaryMean',
    name: 'monetary_mean',
    label: 'Mean order value',
    unit: 'currency',
    type: 'float',
    meaning: 'Mean order amount, refunds deducted',
    sql: 'amount / orders',
    samples: { recent: 41.5, fading: 28.75, silent: 19.9, ordinary: 25 },
    madeUp: madeUpOrderValue,
  },
  {
    key: 'tenureDays',
    name: 'tenure_days',
    label: 'Tenure',
    unit: 'days',
    type: 'float',
    meaning: 'Days since the first order',
    sql: 'since_first',
    samples: { recent: 640, fading: 410, silent: 300, ordinary: 300 },
    madeUp: madeUpTenure,
  },
  {
    key: 'orders90d',
    name: 'orders_90d',
    label: 'Orders, last 90 days',
    unit: 'orders',
    type: 'int',
    meaning: 'Orders in the last 90 days',
    sql: 'orders_90d',
    samples: { recent: 4, fading: 1, silent: 0, ordinary: 1 },
    madeUp: madeUpRecentOrders,
  },
  {
    key: 'spend90d',
    name: 'spend_90d',
    label: 'Spend, last 90 days',
    unit: 'currency',
    type: 'float',
    meaning: 'Total order amount in the last 90 days, refunds deducted',
    sql: 'spend_90d',
    samples: { recent: 166, fading: 22.5, silent: 0, ordinary: 25 },
    madeUp: (n) => madeUpRecentOrders(n) * madeUpOrderValue(n),
  },
  {
    key: 'gapMeanDays',
    name: 'gap_mean_days',
    label: 'Mean gap',
    unit: 'days',
    type: 'float',
    meaning: 'Mean days between order days; 0 if there is only one',
    sql: 'CASE WHEN repeats = 0 THEN 0 ELSE recency::float8 / repeats END',
    samples: { recent: 57.91, fading: 90.5, silent: 35, ordinary: 90 },
    madeUp: (n) => {
      const gaps = madeUpOrderDays(n) - 1;
      return gaps === 0 ? 0 : Math.round(((madeUpTenure(n) - madeUpRecency(n)) / gaps) * 100) / 100;
    },
  },
  {
    key: 'tickets90d',
    name: 'tickets_90d',
    label: 'Tickets, last 90 days',
    unit: 'tickets',
    type: 'int',
    meaning: 'Support tickets in the last 90 days',
    sql: 'coalesce(tickets, 0)',
    samples: { recent: 0, fading: 1, silent: 0, ordinary: 0 },
    madeUp: (n) => n % 3,
  },
] as const satisfies readonly FeatureDefinition[];

export type Feature = (typeof churnFeatures)[number];
export type FeatureKey = Feature['key'];
export type FeatureName = Feature['name'];

// The contract test's customers: each one's features are consistent, and no two customers are alike.

function madeUpTenure(n: number): number {
  return 30 + ((n * 37) % 600);
}

function madeUpRecency(n: number): number {
  return (n * 53) % madeUpTenure(n);
}

function madeUpOrderDays(n: number): number {
  return 1 + ((n * 7) % 15);
}

function madeUpOrderValue(n: number): number {
  return 8 + ((n * 29) % 110) + (n % 4) * 0.25;
}

function madeUpRecentOrders(n: number): number {
  return madeUpRecency(n) < horizonDays ? 1 + (n % Math.min(madeUpOrderDays(n), 5)) : 0;
}
