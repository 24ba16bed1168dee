import { auditEvent } from '@/lib/domain/audit/record';
import { sellerVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { existingListing } from '../existing';
import { addVersionInput } from '../schemas';

/**
 * Adds a version, which subscriptions get from now on, and returns its number. Throws `forbidden`, `not_found`, `invalid`; `conflict` if
 * somebody added one since `base`, and for a retired listing.
 */
export const addListingVersion = sellerVerb(
  'listings.change',
  addVersionInput,
  async (ctx, { id, base, modelPackageArn, instanceType, note }): Promise<number> => {
    const { state } = await existingListing(ctx, id);
    if (state === 'retired')
      throw new AnnexError('conflict', 'This listing is retired. Nothing was changed.');
    const version = { modelPackageArn, instanceType, note, createdBy: ctx.actor.name };
    return ctx.ports.listings.addVersion(id, base, version, (number) =>
      auditEvent(ctx, {
        action: 'listings.change',
        subject: `listing/${id}`,
        detail: { version: number, package: modelPackageArn, instance: instanceType, note },
      }),
    );
  },
);
