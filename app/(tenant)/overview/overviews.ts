import type { Reading } from '@/components/live/reading';
import { allows } from '@/lib/domain/authorize';
import type { PersonContext } from '@/lib/domain/context';
import type { Listing } from '@/lib/domain/marketplace/listing';
import { listListings } from '@/lib/domain/marketplace/verbs/list-listings';
import { getOverview, type Overview } from '@/lib/domain/overview/verbs/get-overview';
import { getTenantsOverview, type TenantsOverview } from '@/lib/domain/overview/verbs/get-tenants-overview';
import { tenantsReading } from '../../(admin)/admin/_components/tenants-reading';
import { overviewReading } from './overview-reading';

/** What the start page of a person shows, by role. A part that none of the roles may see is null. */
export interface Overviews {
  readonly ofTenant: Overview | null;
  readonly ofTenants: TenantsOverview | null;
  /** The newest listings. */
  readonly ofSeller: readonly Listing[] | null;
}

/** The overviews of each role that the person has. */
export async function readOverviews({ actor, tenant, control, seller }: PersonContext): Promise<Overviews> {
  const [ofTenant, ofTenants, listings] = await Promise.all([
    tenant && getOverview(tenant, undefined),
    control && allows(actor, getTenantsOverview.action) ? getTenantsOverview(control, undefined) : null,
    seller && listListings(seller, {}),
  ]);
  return { ofTenant, ofTenants, ofSeller: listings?.listings ?? null };
}

/** The page as it stood at `now`. */
export function overviewsReading({ ofTenant, ofTenants }: Overviews, now: Date): Reading {
  const parts = [
    ...(ofTenant ? [overviewReading(ofTenant, now)] : []),
    ...(ofTenants ? [tenantsReading(ofTenants, now)] : []),
  ];
  return {
    at: now.toISOString(),
    underWay: parts.some(({ underWay }) => underWay),
    mark: parts.map(({ mark }) => mark).join('\n'),
    words: parts.map(({ words }) => words).join(' '),
  };
}
