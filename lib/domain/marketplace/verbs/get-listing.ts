import { sellerVerb } from '@/lib/domain/verb';
import { existingListing } from '../existing';
import { ofListing } from '../schemas';

const versionsShown = 50;

/** An own listing and its newest versions, newest first. Throws `forbidden`, `not_found`. */
export const getListing = sellerVerb('listings.view', ofListing, async (ctx, { id }) => {
  const listing = await existingListing(ctx, id);
  return { listing, versions: await ctx.ports.listings.versions(id, versionsShown) };
});
