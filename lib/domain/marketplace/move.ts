import { AnnexError } from '@/lib/errors';
import { auditEvent } from '../audit/record';
import type { SellerContext } from '../context';
import { existingListing } from './existing';
import type { ListingState } from './listing';

/** Brings a listing into another state. Throws `not_found`; `conflict` if it is in it, and if it was changed since `revision`. */
export async function move(
  ctx: SellerContext,
  { id, revision, to }: { readonly id: string; readonly revision: number; readonly to: ListingState },
): Promise<void> {
  const { state } = await existingListing(ctx, id);
  if (state === to) throw new AnnexError('conflict', `This listing is ${to} already.`);
  const event = auditEvent(ctx, {
    action: 'listings.publish',
    subject: `listing/${id}`,
    before: { state },
    after: { state: to },
  });
  await ctx.ports.listings.move(id, to, revision, event);
}
