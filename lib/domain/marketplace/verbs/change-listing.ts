import { auditEvent } from '@/lib/domain/audit/record';
import { sellerVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { existingListing } from '../existing';
import type { Dimension, Listing } from '../listing';
import { changeListingInput } from '../schemas';

/**
 * Changes what a listing says, its sample and its prices. Once it was published, its dimensions stay those that buyers agreed to. Throws
 * `forbidden`, `not_found`, `invalid`; `conflict` for one that was changed meanwhile or is retired.
 */
export const changeListing = sellerVerb(
  'listings.change',
  changeListingInput,
  async (ctx, { id, revision, text }): Promise<void> => {
    const before = await existingListing(ctx, id);
    if (before.state === 'retired')
      throw new AnnexError('conflict', 'This listing is retired. Nothing was changed.');
    if (before.state !== 'draft' && metered(before.dimensions) !== metered(text.dimensions)) {
      throw new AnnexError(
        'invalid',
        'The dimensions of a published listing stay. Change their prices or descriptions.',
        {
          fields: { dimensions: 'The dimensions of a published listing stay.' },
        },
      );
    }
    const listing: Listing = { ...before, ...text, revision, updatedAt: ctx.now() };
    const event = auditEvent(ctx, {
      action: 'listings.change',
      subject: `listing/${id}`,
      before: audited(before),
      after: audited(listing),
    });
    await ctx.ports.listings.change(listing, event);
  },
);

/** What usage is counted by. */
const metered = (dimensions: readonly Dimension[]): string =>
  dimensions
    .map(({ name, measure }) => `${name} ${measure}`)
    .toSorted()
    .join();

/** The sample may be long, and the page shows it. */
const audited = ({ title, summary, termsUrl, contentTypes, accept, dimensions }: Listing) => ({
  title,
  summary,
  terms: termsUrl,
  types: contentTypes.join(' '),
  accept,
  prices: dimensions.map(({ name, usd }) => `${name} ${usd}`).join(', '),
});
