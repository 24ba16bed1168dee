import { sellerVerb } from '@/lib/domain/verb';
import { move } from '../move';
import { moveListingInput } from '../schemas';

/** Takes the listing from the market; subscriptions go on. Throws `forbidden`, `not_found`; `conflict` if it was changed meanwhile. */
export const retireListing = sellerVerb('listings.publish', moveListingInput, (ctx, { id, revision }) =>
  move(ctx, { id, revision, to: 'retired' }),
);
