import { featureNames } from '@/lib/domain/churn/feature-rows';

/**
 * The feature columns of `customer_score` and of a scoring run, separated by commas; with `alias`, as that table's
 * columns.
 */
export const featureColumns = (alias?: string): string =>
  featureNames.map((name) => (alias === undefined ? name : `${alias}.${name}`)).join(', ');
