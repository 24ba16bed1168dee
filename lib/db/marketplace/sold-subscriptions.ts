import { z } from 'zod';
import type { SoldSubscriptions } from '@/lib/domain/marketplace/ports';
import { deploymentStates, type SoldSubscription, standings } from '@/lib/domain/marketplace/subscription';
import { readSeller } from '../core/seller-scope';
import { Prisma } from '../generated/client';
import { newestFirst } from './newest-first';

type Row = Omit<SoldSubscription, 'standing' | 'state'> & {
  readonly standing: string;
  readonly state: string;
};

/** The subscriptions of the listings of `sellerId`, without what is the buyer's alone. */
export const soldSubscriptions = (sellerId: string): SoldSubscriptions => ({
  list: async (page) => {
    const { rows, ...links } = await newestFirst(page, 's', (clauses) =>
      readSeller(sellerId, (query) =>
        query<Row>(Prisma.sql`
          SELECT s.id, s.listing_id AS "listingId", l.title, s.account_id AS "accountId", s.state AS standing,
            s.created_at AS "createdAt", s.licensed_at AS "licensedAt", coalesce(s.ended_at, s.deprovisioned_at) AS "endedAt",
            s.version, s.deployment AS state
          FROM subscription s JOIN listing l ON l.id = s.listing_id ${clauses}`),
      ),
    );
    return { ...links, subscriptions: rows.map(toSold) };
  },
});

const toSold = (row: Row): SoldSubscription => ({
  ...row,
  standing: z.enum(standings).parse(row.standing),
  state: z.enum(deploymentStates).parse(row.state),
});
