import { churnFeatures } from '../churn/features';
import { type CsvColumn, csvLines } from '../csv';
import type { Customer } from './ports';

/** The id, the features by their interface names, the churn probability and its source. */
export const customerColumns: readonly CsvColumn<Customer>[] = [
  { name: 'customer_id', value: ({ id }) => id },
  ...churnFeatures.map(({ key, name }) => ({
    name,
    value: ({ features }: Customer) => features?.[key],
    decimals: 6,
  })),
  { name: 'churn_probability', value: ({ score }) => score?.probability, decimals: 6 },
  { name: 'score_source', value: ({ score }) => score?.source },
  { name: 'score_version', value: ({ score }) => score?.version },
  { name: 'scored_at', value: ({ score }) => score?.scoredAt },
];

/** The customers as CSV. */
export const customersCsv = (customers: AsyncIterable<Customer>): AsyncGenerator<string> =>
  csvLines(customerColumns, customers);
