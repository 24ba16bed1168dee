import { type CsvColumn, csvLines } from '../csv';
import { type RunningItem, rateOf, usdSoFar } from './cost';
import { priceList } from './prices';

const isApp = (item: RunningItem): item is Extract<RunningItem, { type: string }> => 'type' in item;

const columns = (at: Date): readonly CsvColumn<RunningItem>[] => [
  { name: 'kind', value: (item) => (isApp(item) ? 'app' : 'endpoint') },
  { name: 'type', value: (item) => (isApp(item) ? item.type : null) },
  { name: 'name', value: ({ name }) => name },
  { name: 'owner', value: (item) => (isApp(item) ? item.owner.name : null) },
  { name: 'status', value: ({ status }) => status },
  { name: 'since', value: ({ since }) => since },
  { name: 'active_at', value: (item) => (isApp(item) ? item.activeAt : null) },
  { name: 'instances', value: instancesOf },
  { name: 'usd_per_hour', value: (item) => wholePrice(item), decimals: 4 },
  { name: 'usd_so_far', value: (item) => usdSoFar(item, at), decimals: 2 },
  { name: 'prices', value: () => `list prices of ${priceList.region}, ${priceList.date}` },
  { name: 'as_of', value: () => at },
];

/** `2 × ml.m5.large`, for each variant. */
function instancesOf(item: RunningItem): string | null {
  if (isApp(item)) return item.instanceType;
  return item.variants
    .map(({ instanceType, instances, serverless }) =>
      serverless ? 'serverless' : `${instances} × ${instanceType ?? 'unknown type'}`,
    )
    .join('; ');
}

/** Without a price for all of it, no figure is better than one that is too low. */
function wholePrice(item: RunningItem): number | null {
  const { usd, unpriced } = rateOf(item);
  return unpriced.length > 0 ? null : usd;
}

/** What runs as CSV, with prices as of `at`. */
export const runningCsv = (items: readonly RunningItem[], at: Date): AsyncGenerator<string> =>
  csvLines(columns(at), items);
