import { z } from 'zod';
import type { SoldSubscriptions } from '@/lib/domain/marketplace/ports';
import { deploymentStates, type SoldSubscription, standings } from '@/lib/domain/marketplace/subscription';
import { edgeAt, pageAt } from '../core/keyset';
import { readSeller } from '../core/seller-scope';
import { Prisma } from '../generated/client';

type Row = Omit<SoldSubscription, 'standing' | 'state'> & {
  readonly standing: string;
  readonly state: string;
};

/** The subscriptions of the listings of `sellerId`, without what is the buyer's alone. */
export const soldSubscriptions = (sellerId: string): SoldSubscriptions => ({
  list: async ({ cursor, limit }) => {
    const edge = edgeAt(z.tuple([z.iso.datetime(), z.string().max(64)]), cursor);
    const back = edge?.d === 'p';
    const beyond = edge
      ? Prisma.sql`WHERE (s.created_at, s.id) ${Prisma.raw(back ? '>' : '<')} (${new Date(edge.k[0])}, ${edge.k[1]})`
      : Prisma.empty;
    const order = Prisma.raw(back ? 'ASC' : 'DESC');
    const found = await readSeller(sellerId, (query) =>
      query<Row>(Prisma.sql`
        SELECT s.id, s.listing_id AS "listingId", l.title, s.account_id AS "accountId", s.state AS standing,
          s.created_at AS "createdAt", s.licensed_at AS "licensedAt", coalesce(s.ended_at, s.deprovisioned_at) AS "endedAt",
          s.version, s.deployment AS state
        FROM subscription s JOIN listing l ON l.id = s.listing_id ${beyond}
        ORDER BY s.created_at ${order}, s.id ${order} LIMIT ${limit + 1}`),
    );
    const keyOf = ({ createdAt, id }: Row) => [createdAt.toISOString(), id];
    const { rows, next, previous } = pageAt(found, { edge, limit, keyOf });
    return { subscriptions: rows.map(toSold), next, previous };
  },
});

const toSold = (row: Row): SoldSubscription => ({
  ...row,
  standing: z.enum(standings).parse(row.standing),
  state: z.enum(deploymentStates).parse(row.state),
});
