import type { ChurnFeatures } from './ports';

export interface FeatureDefinition {
  readonly key: keyof ChurnFeatures;
  /** As the churn interface, version 1, and exports name it. */
  readonly name: string;
  readonly label: string;
  readonly unit: 'days' | 'orders' | 'currency' | 'tickets';
  readonly meaning: string;
}

/** The eight features of the churn interface, version 1, in its order. */
export const churnFeatures = [
  {
    key: 'recencyDays',
    name: 'recency_days',
    label: 'Recency',
    unit: 'days',
    meaning: 'Days since the last order',
  },
  {
    key: 'frequency',
    name: 'frequency',
    label: 'Frequency',
    unit: 'orders',
    meaning: 'Days with an order so far; several on one day count once',
  },
  {
    key: 'monetaryMean',
    name: 'monetary_mean',
    label: 'Mean order value',
    unit: 'currency',
    meaning: 'Mean amount of an order',
  },
  {
    key: 'tenureDays',
    name: 'tenure_days',
    label: 'Tenure',
    unit: 'days',
    meaning: 'Days since the first order',
  },
  {
    key: 'orders90d',
    name: 'orders_90d',
    label: 'Orders, 90 days',
    unit: 'orders',
    meaning: 'Orders in the 90 days before',
  },
  {
    key: 'spend90d',
    name: 'spend_90d',
    label: 'Spend, 90 days',
    unit: 'currency',
    meaning: 'Amount of the orders in the 90 days before',
  },
  {
    key: 'gapMeanDays',
    name: 'gap_mean_days',
    label: 'Mean gap',
    unit: 'days',
    meaning: 'Mean days between two order days; 0 with a single one',
  },
  {
    key: 'tickets90d',
    name: 'tickets_90d',
    label: 'Tickets, 90 days',
    unit: 'tickets',
    meaning: 'Support tickets in the 90 days before',
  },
] as const satisfies readonly FeatureDefinition[];
