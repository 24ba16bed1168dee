import { formatUnits } from '@/components/format';
import type { Reading } from '@/components/live/reading';
import type { Running } from '@/lib/domain/running/verbs/list-running';
import { itemsOf, keyOf } from './view';

/** Statuses that pass by themselves. */
const passing = /^Pending$|ing$/;

/** What runs; another reading follows while something starts or stops. */
export function runningReading(running: Running): Reading {
  const items = itemsOf(running);
  return {
    at: running.readAt.toISOString(),
    underWay: items.some(({ status }) => passing.test(status)),
    mark: items.map((item) => `${keyOf(item)}/${item.status}`).join(),
    words: `${formatUnits(items.length, 'app or endpoint', 'apps and endpoints')}.`,
  };
}
