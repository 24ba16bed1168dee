import type { AuditEvent } from '../audit/ports';
import type { Listing, ListingState, ListingVersion } from './listing';

/** A page of a list, with the cursors of the pages beside it. */
export interface ListingPage {
  readonly listings: readonly Listing[];
  readonly next: string | null;
  readonly previous: string | null;
}

/** The listings of one seller. Each write appends its event, all or nothing. */
export interface ListingBook {
  /** Newest first. Throws `invalid` for a cursor that is none. */
  list(page: { readonly cursor?: string | undefined; readonly limit: number }): Promise<ListingPage>;
  get(id: string): Promise<Listing | null>;
  /** Newest first. */
  versions(id: string, limit: number): Promise<readonly ListingVersion[]>;
  /** Throws `conflict` with the field `productCode` when a listing has that code. */
  create(listing: Listing, event: AuditEvent): Promise<void>;
  /** Replaces what the seller writes, and the dimensions. Throws `conflict` if the stored revision is not `listing.revision`. */
  change(listing: Listing, event: AuditEvent): Promise<void>;
  /** Throws `conflict` if the stored revision is not `revision`. */
  move(id: string, to: ListingState, revision: number, event: AuditEvent): Promise<void>;
  /** Appends the version after `base`, and returns its number. Throws `conflict` when the newest is not `base` (0: none). */
  addVersion(
    id: string,
    base: number,
    version: Omit<ListingVersion, 'version' | 'createdAt'>,
    audit: (version: number) => AuditEvent,
  ): Promise<number>;
}
