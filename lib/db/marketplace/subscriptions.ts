import { z } from 'zod';
import type { MarketListings, SubscriptionStore } from '@/lib/domain/marketplace/ports';
import type { Subscription } from '@/lib/domain/marketplace/subscription';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { edgeAt, pageAt } from '../core/keyset';
import { stepsAsJson } from '../core/steps';
import { readTenant, withTenant } from '../core/tenant-scope';
import { Prisma } from '../generated/client';
import { type ListingRow, listingColumns, toListing, type VersionRow, versionColumns } from './listing-rows';
import { type SubscriptionRow, subscriptionColumns, toSubscription } from './subscription-rows';

/** The subscriptions of `tenantId`. */
export const subscriptionStore = (tenantId: string): SubscriptionStore => ({
  list: (page) => list(tenantId, page),
  get: (id) =>
    readTenant(tenantId, async (query) => {
      const [row] = await query<SubscriptionRow>(
        Prisma.sql`SELECT ${subscriptionColumns} FROM subscription s JOIN listing l ON l.id = s.listing_id WHERE s.id = ${id}`,
      );
      return row ? toSubscription(row) : null;
    }),
  update: (subscription, event) =>
    withTenant(tenantId, async (tx) => {
      const { id, revision, version, state, steps, attempt, removedAt, updatedAt } = subscription;
      const { count } = await tx.subscription.updateMany({
        where: { id, revision },
        data: {
          version,
          deployment: state,
          steps: stepsAsJson(steps),
          attempt,
          removedAt,
          updatedAt,
          revision: revision + 1,
        },
      });
      if (count === 0)
        throw new AnnexError('conflict', 'Somebody else changed this subscription. Reload the page.');
      if (event) await appendAudit(tx, tenantId, event);
      return { ...subscription, revision: revision + 1 };
    }),
});

async function list(tenantId: string, { cursor, limit }: Parameters<SubscriptionStore['list']>[0]) {
  const edge = edgeAt(z.tuple([z.iso.datetime(), z.string().max(64)]), cursor);
  const back = edge?.d === 'p';
  const beyond = edge
    ? Prisma.sql`WHERE (s.created_at, s.id) ${Prisma.raw(back ? '>' : '<')} (${new Date(edge.k[0])}, ${edge.k[1]})`
    : Prisma.empty;
  const order = Prisma.raw(back ? 'ASC' : 'DESC');
  const found = await readTenant(tenantId, (query) =>
    query<SubscriptionRow>(Prisma.sql`
      SELECT ${subscriptionColumns} FROM subscription s JOIN listing l ON l.id = s.listing_id ${beyond}
      ORDER BY s.created_at ${order}, s.id ${order} LIMIT ${limit + 1}`),
  );
  const keyOf = ({ createdAt, id }: SubscriptionRow) => [createdAt.toISOString(), id];
  const { rows, next, previous } = pageAt(found, { edge, limit, keyOf });
  return { subscriptions: rows.map(toSubscription) satisfies readonly Subscription[], next, previous };
}

/** What `tenantId` can subscribe to, and what it has subscribed to. */
export const marketListings = (tenantId: string): MarketListings => ({
  published: async ({ cursor, limit }) => {
    const edge = edgeAt(z.tuple([z.string().max(200), z.string().max(64)]), cursor);
    const back = edge?.d === 'p';
    const beyond = edge
      ? Prisma.sql`AND (l.title, l.id) ${Prisma.raw(back ? '<' : '>')} (${edge.k[0]}, ${edge.k[1]})`
      : Prisma.empty;
    const order = Prisma.raw(back ? 'DESC' : 'ASC');
    const found = await readTenant(tenantId, (query) =>
      query<ListingRow>(Prisma.sql`
        SELECT ${listingColumns} FROM listing l WHERE l.state = 'published' ${beyond}
        ORDER BY l.title ${order}, l.id ${order} LIMIT ${limit + 1}`),
    );
    const { rows, next, previous } = pageAt(found, { edge, limit, keyOf: ({ title, id }) => [title, id] });
    return { listings: rows.map(toListing), next, previous };
  },
  get: (id) =>
    readTenant(tenantId, async (query) => {
      const [row] = await query<ListingRow>(
        Prisma.sql`SELECT ${listingColumns} FROM listing l WHERE l.id = ${id}`,
      );
      return row ? toListing(row) : null;
    }),
  version: (id, version) =>
    readTenant(tenantId, async (query) => {
      const [row] = await query<VersionRow>(Prisma.sql`
        SELECT ${versionColumns} FROM listing_version v WHERE v.listing_id = ${id} AND v.version = ${version}`);
      return row ?? null;
    }),
});
