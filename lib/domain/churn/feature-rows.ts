import { inWords } from '../in-words';
import {
  churnFeatures,
  type Feature,
  type FeatureKey,
  type FeatureName,
  type FeatureSamples,
} from './features';

/** The features' names in the interface's order. */
export const featureNames: readonly FeatureName[] = churnFeatures.map(({ name }) => name);

/** The number of features in words: `eight`. */
export const featureCountInWords = inWords(churnFeatures.length);

/** A sample customer as a row of a request: the features' values in the interface's order. */
export const sampleRow = (customer: keyof FeatureSamples): readonly number[] =>
  churnFeatures.map(({ samples }) => samples[customer]);

/** Row `n` of the contract test's invented customers, in the interface's order. */
export const madeUpRow = (n: number): readonly number[] => churnFeatures.map(({ madeUp }) => madeUp(n));

/** A record with the result of `each` for each feature. */
export function featureRecord<V>(each: (feature: Feature) => V): Readonly<Record<FeatureKey, V>> {
  const entries = churnFeatures.map((feature) => [feature.key, each(feature)] as const);
  return Object.fromEntries(entries) as Record<FeatureKey, V>;
}
