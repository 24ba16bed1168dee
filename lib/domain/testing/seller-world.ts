import { AnnexError } from '@/lib/errors';
import type { Role } from '../actor';
import type { AuditEvent } from '../audit/ports';
import type { SellerContext } from '../context';
import type { Listing, ListingVersion } from '../marketplace/listing';
import type { ListingBook } from '../marketplace/ports';
import type { SoldSubscription } from '../marketplace/subscription';

/** One seller with fakes only. */
export class SellerWorld {
  clock = Date.parse('2026-03-01T10:00:00Z');
  readonly audit: AuditEvent[] = [];
  readonly listings = new Map<string, Listing>();
  readonly sold: SoldSubscription[] = [];
  private readonly versions = new Map<string, ListingVersion[]>();

  private readonly book: ListingBook = {
    list: async ({ limit }) => ({
      listings: [...this.listings.values()].toReversed().slice(0, limit),
      next: null,
      previous: null,
    }),
    get: async (id) => this.listings.get(id) ?? null,
    versions: async (id, limit) => (this.versions.get(id) ?? []).toReversed().slice(0, limit),
    create: async (listing, event) => {
      if ([...this.listings.values()].some(({ productCode }) => productCode === listing.productCode))
        throw new AnnexError('conflict', 'taken', { fields: { productCode: 'taken' } });
      this.listings.set(listing.id, listing);
      this.audit.push(event);
    },
    change: async (listing, event) => this.write(listing, listing.revision, event),
    move: async (id, state, revision, event) => this.write({ ...this.existing(id), state }, revision, event),
    addVersion: async (id, base, version, audit) => {
      const present = this.existing(id);
      if ((present.version ?? 0) !== base) throw new AnnexError('conflict', 'changed');
      const added = { ...version, version: base + 1, createdAt: new Date(this.clock) };
      this.versions.set(id, [...(this.versions.get(id) ?? []), added]);
      this.write({ ...present, version: base + 1 }, present.revision, audit(base + 1));
      return base + 1;
    },
  };

  as(role: Role): SellerContext {
    const silent = () => undefined;
    return {
      actor: { id: `sub-${role}`, name: `${role}@models.example`, roles: [role] },
      seller: { id: 'models' },
      ports: {
        listings: this.book,
        sold: { list: async () => ({ subscriptions: this.sold, next: null, previous: null }) },
      },
      requestId: 'r',
      log: { info: silent, warn: silent, error: silent },
      now: () => new Date(this.clock),
    };
  }

  private existing(id: string): Listing {
    const listing = this.listings.get(id);
    if (!listing) throw new AnnexError('not_found', 'none');
    return listing;
  }

  private write(listing: Listing, revision: number, event: AuditEvent): void {
    if (this.existing(listing.id).revision !== revision) throw new AnnexError('conflict', 'changed');
    this.listings.set(listing.id, { ...listing, revision: revision + 1 });
    this.audit.push(event);
  }
}
