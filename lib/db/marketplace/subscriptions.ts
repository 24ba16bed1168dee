import { z } from 'zod';
import type { MarketListings, SubscriptionStore } from '@/lib/domain/marketplace/ports';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { edgeAt, pageAt } from '../core/keyset';
import { stepsAsJson } from '../core/steps';
import { readTenant, withTenant } from '../core/tenant-scope';
import { Prisma } from '../generated/client';
import { type ListingRow, listingColumns, toListing, type VersionRow, versionColumns } from './listing-rows';
import { newestFirst } from './newest-first';
import { type SubscriptionRow, subscriptionColumns, toSubscription } from './subscription-rows';

/** The subscriptions of `tenantId`. */
export const subscriptionStore = (tenantId: string): SubscriptionStore => ({
  list: async (page) => {
    const { rows, ...links } = await newestFirst(page, 's', (clauses) =>
      readTenant(tenantId, (query) =>
        query<SubscriptionRow>(
          Prisma.sql`SELECT ${subscriptionColumns} FROM subscription s JOIN listing l ON l.id = s.listing_id ${clauses}`,
        ),
      ),
    );
    return { ...links, subscriptions: rows.map(toSubscription) };
  },
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
