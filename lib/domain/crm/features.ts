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
    meaning: 'Days with at least one order',
  },
  {
    key: 'monetaryMean',
    name: 'monetary_mean',
    label: 'Mean order value',
    unit: 'currency',
    meaning: 'Mean order amount',
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
    label: 'Orders, last 90 days',
    unit: 'orders',
    meaning: 'Orders in the last 90 days',
  },
  {
    key: 'spend90d',
    name: 'spend_90d',
    label: 'Spend, last 90 days',
    unit: 'currency',
    meaning: 'Total order amount in the last 90 days',
  },
  {
    key: 'gapMeanDays',
    name: 'gap_mean_days',
    label: 'Mean gap',
    unit: 'days',
    meaning: 'Mean days between order days; 0 if there is only one',
  },
  {
    key: 'tickets90d',
    name: 'tickets_90d',
    label: 'Tickets, last 90 days',
    unit: 'tickets',
    meaning: 'Support tickets in the last 90 days',
  },
] as const satisfies readonly FeatureDefinition[];
