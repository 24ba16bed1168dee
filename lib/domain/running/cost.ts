import { hourMs } from '../time';
import type { RunningApp, RunningEndpoint } from './ports';
import { usdPerHour } from './prices';

/** What runs: an app, or an endpoint. */
export type RunningItem = RunningApp | RunningEndpoint;

/** What something costs an hour at the price list. */
export interface Rate {
  /** USD of an hour of what has a price. */
  readonly usd: number;
  /** What has none: instance types, and `serverless`, `unknown type`. Empty: `usd` is all of it. */
  readonly unpriced: readonly string[];
}

/** Whether it is on its way out, so that it costs nothing from soon on. */
export const isStopping = ({ status }: Pick<RunningItem, 'status'>): boolean => status === 'Deleting';

/** What an app or an endpoint costs an hour, with as many instances as it has now. */
export function rateOf(item: RunningItem): Rate {
  if (!('variants' in item)) return ofInstances(item.instanceType, 1);
  return sumOf(
    item.variants.map(({ instanceType, instances, serverless }) =>
      serverless ? { usd: 0, unpriced: ['serverless'] } : ofInstances(instanceType, instances),
    ),
  );
}

/** What all of `items` together go on costing an hour: without those that are being stopped. */
export const runRate = (items: readonly RunningItem[]): Rate =>
  sumOf(items.filter((item) => !isStopping(item)).map(rateOf));

/**
 * USD since it was created, at the price list, as if it had always had the instances that it has now; null without a price for all of
 * it, or if nobody knows since when it runs.
 */
export function usdSoFar(item: RunningItem, now: Date): number | null {
  const { usd, unpriced } = rateOf(item);
  if (unpriced.length > 0 || item.since === null) return null;
  return (usd * Math.max(0, now.getTime() - item.since.getTime())) / hourMs;
}

/** An endpoint is told to be unused after a week without a call. */
const weekHours = 7 * 24;

/**
 * USD that an endpoint without a call cost in its last week, of what has a price; null if it was called, is younger than that, or
 * nobody knows.
 */
export function unusedUsd(endpoint: RunningEndpoint, calls: number | null, now: Date): number | null {
  const { since } = endpoint;
  if (calls !== 0 || since === null || isStopping(endpoint)) return null;
  if (now.getTime() - since.getTime() < weekHours * hourMs) return null;
  return rateOf(endpoint).usd * weekHours;
}

function ofInstances(instanceType: string | null, instances: number): Rate {
  if (instances === 0) return { usd: 0, unpriced: [] };
  const usd = usdPerHour(instanceType);
  return usd === null
    ? { usd: 0, unpriced: [instanceType ?? 'unknown type'] }
    : { usd: usd * instances, unpriced: [] };
}

function sumOf(rates: readonly Rate[]): Rate {
  return {
    usd: rates.reduce((sum, { usd }) => sum + usd, 0),
    unpriced: [...new Set(rates.flatMap(({ unpriced }) => unpriced))].sort(),
  };
}
