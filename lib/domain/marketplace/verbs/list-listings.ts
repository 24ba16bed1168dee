import { sellerVerb } from '@/lib/domain/verb';
import { listInput } from '../schemas';

/** Listings of a page. */
const listingsPerPage = 50;

/** The own listings, newest first, a page at `cursor`. Throws `forbidden`, and `invalid` for a cursor that is none. */
export const listListings = sellerVerb('listings.view', listInput, (ctx, { cursor }) =>
  ctx.ports.listings.list({ cursor, limit: listingsPerPage }),
);
