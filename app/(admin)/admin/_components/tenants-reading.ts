import { formatUnits } from '@/components/format';
import type { Reading } from '@/components/live/reading';
import type { TenantsOverview } from '@/lib/domain/overview/verbs/get-tenants-overview';

/** The overview of the tenants as it stood at `now`. */
export function tenantsReading(overview: TenantsOverview, now: Date): Reading {
  const { attention, underWay } = overview;
  return {
    at: now.toISOString(),
    underWay: underWay.length > 0,
    mark: JSON.stringify(overview),
    words: [
      ...(underWay.length > 0
        ? [`${formatUnits(underWay.length, 'workbench', 'workbenches')} under way.`]
        : []),
      ...(attention.length > 0 ? [`Needs you: ${attention.length}.`] : []),
    ].join(' '),
  };
}
