import type { Listing } from '@/lib/domain/marketplace/listing';
import type { ListingBook } from '@/lib/domain/marketplace/ports';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readSeller, withSeller } from '../core/seller-scope';
import type { Transaction } from '../core/transaction';
import { Prisma } from '../generated/client';
import { type ListingRow, listingColumns, toListing, type VersionRow, versionColumns } from './listing-rows';
import { newestFirst } from './newest-first';

/** The listings of `sellerId`. Its transactions reach no other seller's. */
export const listingBook = (sellerId: string): ListingBook => ({
  list: async (page) => {
    const { rows, ...links } = await newestFirst(page, 'l', (clauses) =>
      readSeller(sellerId, (query) =>
        query<ListingRow>(Prisma.sql`SELECT ${listingColumns} FROM listing l ${clauses}`),
      ),
    );
    return { ...links, listings: rows.map(toListing) };
  },
  get: (id) =>
    readSeller(sellerId, async (query) => {
      const [row] = await query<ListingRow>(
        Prisma.sql`SELECT ${listingColumns} FROM listing l WHERE l.id = ${id}`,
      );
      return row ? toListing(row) : null;
    }),
  versions: (id, limit) =>
    readSeller(sellerId, (query) =>
      query<VersionRow>(Prisma.sql`
        SELECT ${versionColumns} FROM listing_version v WHERE v.listing_id = ${id} ORDER BY v.version DESC LIMIT ${limit}`),
    ),
  create: (listing, event) =>
    withSeller(sellerId, async (tx) => {
      await insert(tx, sellerId, listing);
      await writeDimensions(tx, sellerId, listing);
      await appendAudit(tx, null, event);
    }),
  change: (listing, event) =>
    withSeller(sellerId, async (tx) => {
      const { productPage, title, summary, termsUrl, contentTypes, accept, sampleType, sampleRequest } =
        listing;
      const written = await tx.$executeRaw`
        UPDATE listing SET product_page = ${productPage}, title = ${title}, summary = ${summary}, terms_url = ${termsUrl}, content_types = ${[...contentTypes]},
          accept = ${accept}, sample_type = ${sampleType}, sample_request = ${sampleRequest}, updated_at = ${listing.updatedAt},
          revision = revision + 1
        WHERE id = ${listing.id} AND revision = ${listing.revision}`;
      if (written === 0) throw isChanged();
      await writeDimensions(tx, sellerId, listing);
      await appendAudit(tx, null, event);
    }),
  move: (id, to, revision, event) =>
    withSeller(sellerId, async (tx) => {
      const written = await tx.$executeRaw`
        UPDATE listing SET state = ${to}, updated_at = now(), revision = revision + 1 WHERE id = ${id} AND revision = ${revision}`;
      if (written === 0) throw isChanged();
      await appendAudit(tx, null, event);
    }),
  addVersion: (id, base, { modelPackageArn, instanceType, note, createdBy }, audit) =>
    withSeller(sellerId, async (tx) => {
      const touched =
        await tx.$executeRaw`UPDATE listing SET updated_at = now(), revision = revision + 1 WHERE id = ${id}`;
      if (touched === 0) throw new AnnexError('not_found', 'You have no listing with this id.');
      const [newest] = await tx.$queryRaw<{ version: number | null }[]>`
        SELECT max(version) AS version FROM listing_version WHERE listing_id = ${id}`;
      const present = newest?.version ?? 0;
      if (present !== base) throw isChanged();
      await tx.$executeRaw`
        INSERT INTO listing_version (listing_id, seller_id, version, model_package_arn, instance_type, note, created_by)
        VALUES (${id}, ${sellerId}, ${present + 1}, ${modelPackageArn}, ${instanceType}, ${note}, ${createdBy})`;
      await appendAudit(tx, null, audit(present + 1));
      return present + 1;
    }),
});

const isChanged = () =>
  new AnnexError(
    'conflict',
    'Somebody changed this listing meanwhile. Nothing was changed. Reload the page and look at it first.',
  );

async function insert(tx: Transaction, sellerId: string, listing: Listing): Promise<void> {
  const {
    id,
    productCode,
    productPage,
    title,
    summary,
    termsUrl,
    contentTypes,
    accept,
    sampleType,
    sampleRequest,
  } = listing;
  const written = await tx.$executeRaw`
    INSERT INTO listing (id, seller_id, product_code, product_page, title, summary, terms_url, content_types, accept, sample_type, sample_request,
      created_at, updated_at)
    VALUES (${id}, ${sellerId}, ${productCode}, ${productPage}, ${title}, ${summary}, ${termsUrl}, ${[...contentTypes]}, ${accept}, ${sampleType},
      ${sampleRequest}, ${listing.createdAt}, ${listing.updatedAt})
    ON CONFLICT (product_code) DO NOTHING`;
  if (written > 0) return;
  const text = 'A listing has this product code already.';
  throw new AnnexError('conflict', text, { fields: { productCode: text } });
}

async function writeDimensions(
  tx: Transaction,
  sellerId: string,
  { id, dimensions }: Pick<Listing, 'id' | 'dimensions'>,
): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM listing_dimension WHERE listing_id = ${id} AND name <> ALL (${dimensions.map(({ name }) => name)})`;
  for (const { name, measure, description, usd } of dimensions) {
    await tx.$executeRaw`
      INSERT INTO listing_dimension (listing_id, seller_id, name, measure, description, usd)
      VALUES (${id}, ${sellerId}, ${name}, ${measure}, ${description}, ${usd})
      ON CONFLICT (listing_id, name) DO UPDATE SET measure = excluded.measure, description = excluded.description, usd = excluded.usd`;
  }
}
