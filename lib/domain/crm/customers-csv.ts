import { churnFeatures } from '../churn/features';
import { csvText } from '../csv';
import type { Customer } from './ports';

const linesPerChunk = 500;

/** Columns of the customer export: the id, the features by their interface names, the churn probability and where it came from. */
const customerCsvColumns: readonly string[] = [
  'customer_id',
  ...churnFeatures.map((feature) => feature.name),
  'churn_probability',
  'score_source',
  'score_version',
  'scored_at',
];

/**
 * RFC 4180 text of the customers, header first, in chunks of a few hundred lines. What is not known stays empty.
 */
export async function* customersCsv(customers: AsyncIterable<Customer>): AsyncGenerator<string> {
  let lines = [customerCsvColumns.join(',')];
  for await (const customer of customers) {
    lines.push(customerLine(customer));
    if (lines.length >= linesPerChunk) {
      yield joined(lines);
      lines = [];
    }
  }
  if (lines.length > 0) yield joined(lines);
}

function customerLine({ id, features, score }: Customer): string {
  return [
    csvText(id),
    ...churnFeatures.map(({ key }) => csvNumber(features?.[key])),
    csvNumber(score?.probability),
    score?.source ?? '',
    csvText(score?.version ?? ''),
    score?.scoredAt.toISOString() ?? '',
  ].join(',');
}

/** Six decimals, never an exponent. */
function csvNumber(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toFixed(6)));
}

const joined = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;
