import { type RunningItem, rateOf } from '@/lib/domain/running/cost';
import type { Running } from '@/lib/domain/running/verbs/list-running';
import { known } from '@/lib/domain/seen';

/** What is known to run, the dearest first. */
export function itemsOf({ apps, endpoints }: Running): readonly RunningItem[] {
  const all: readonly RunningItem[] = [...(known(apps)?.items ?? []), ...(known(endpoints)?.items ?? [])];
  return all.toSorted((a, b) => rateOf(b).usd - rateOf(a).usd || keyOf(a).localeCompare(keyOf(b)));
}

/** Tells an item from the others. */
export const keyOf = (item: RunningItem): string =>
  'type' in item
    ? ['app', item.domainId, item.owner.kind, item.owner.name, item.type, item.name].join('/')
    : `endpoint/${item.name}`;
