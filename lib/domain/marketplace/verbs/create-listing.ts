import { ulid } from 'ulid';
import { auditEvent } from '@/lib/domain/audit/record';
import { sellerVerb } from '@/lib/domain/verb';
import type { Listing } from '../listing';
import { createListingInput } from '../schemas';

/** Adds a draft, which no tenant sees, and returns its id. Throws `forbidden`, `invalid`; `conflict` for a product code that is listed. */
export const createListing = sellerVerb(
  'listings.create',
  createListingInput,
  async (ctx, { productCode, text }): Promise<string> => {
    const at = ctx.now();
    const listing: Listing = {
      ...text,
      id: ulid(at.getTime()),
      productCode,
      state: 'draft',
      version: null,
      createdAt: at,
      updatedAt: at,
      revision: 1,
    };
    const event = auditEvent(ctx, {
      action: 'listings.create',
      subject: `listing/${listing.id}`,
      detail: { title: listing.title, product: productCode },
    });
    await ctx.ports.listings.create(listing, event);
    return listing.id;
  },
);
