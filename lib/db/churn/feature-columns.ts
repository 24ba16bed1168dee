import { featureNames } from '@/lib/domain/churn/feature-rows';

/** The features' columns, as `customer_score` and the scores of a run have them, with commas between; each of `alias`, if given. */
export const featureColumns = (alias?: string): string =>
  featureNames.map((name) => (alias === undefined ? name : `${alias}.${name}`)).join(', ');
