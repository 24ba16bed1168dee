import { AnnexError } from '@/lib/errors';
import type { SellerContext } from '../context';
import type { Listing } from './listing';

/** A listing of the seller. Throws `not_found`. */
export async function existingListing({ ports }: SellerContext, id: string): Promise<Listing> {
  const listing = await ports.listings.get(id);
  if (!listing) throw new AnnexError('not_found', 'You have no listing with this id.');
  return listing;
}
