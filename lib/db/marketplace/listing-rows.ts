import type { Dimension, Listing, ListingVersion } from '@/lib/domain/marketplace/listing';
import { Prisma } from '../generated/client';

export type ListingRow = Omit<Listing, 'dimensions'> & { readonly dimensions: readonly Dimension[] | null };
export type VersionRow = ListingVersion;

/** The columns of `listing l`, its newest version and its dimensions. */
export const listingColumns = Prisma.sql`l.id, l.product_code AS "productCode", l.product_page AS "productPage", l.title, l.summary, l.terms_url AS "termsUrl",
  l.content_types AS "contentTypes", l.accept, l.sample_type AS "sampleType", l.sample_request AS "sampleRequest", l.state,
  l.created_at AS "createdAt", l.updated_at AS "updatedAt", l.revision,
  (SELECT max(v.version) FROM listing_version v WHERE v.listing_id = l.id) AS version,
  (SELECT json_agg(json_build_object('name', d.name, 'measure', d.measure, 'description', d.description, 'usd', d.usd::float8)
    ORDER BY d.name) FROM listing_dimension d WHERE d.listing_id = l.id) AS dimensions`;

/** The columns of `listing_version v`. */
export const versionColumns = Prisma.sql`v.version, v.model_package_arn AS "modelPackageArn", v.instance_type AS "instanceType",
  v.note, v.created_at AS "createdAt", v.created_by AS "createdBy"`;

export const toListing = (row: ListingRow): Listing => ({ ...row, dimensions: row.dimensions ?? [] });
