import { sellerVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { existingListing } from '../existing';
import { move } from '../move';
import { moveListingInput } from '../schemas';

/** Shows the listing to tenants. Throws `forbidden`, `not_found`; `conflict` without a version, and if it was changed meanwhile. */
export const publishListing = sellerVerb(
  'listings.publish',
  moveListingInput,
  async (ctx, { id, revision }) => {
    const { version } = await existingListing(ctx, id);
    if (version === null) {
      throw new AnnexError('conflict', 'A listing is published with a version of the model. Add one first.');
    }
    await move(ctx, { id, revision, to: 'published' });
  },
);
