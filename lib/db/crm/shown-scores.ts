import { featureColumns } from '../churn/feature-columns';
import type { RunQuery } from '../core/transaction';
import { Prisma } from '../generated/client';
import { runTable } from '../scoring/scoring-rows';

/** The scores that readers see now, and their stored counts. */
export interface ShownScores {
  /** A relation with the columns of customer_score and one row per customer. The caller gives it an alias. */
  readonly sheet: Prisma.Sql;
  /** Null when nothing was imported: then no counts are stored. */
  readonly customers: number | null;
  /** Customers with features. */
  readonly featured: number;
  readonly bands: { readonly low: number; readonly medium: number; readonly high: number };
  /** Changes when the customers, their features or the shown scores do, and with them the ranks in every list. */
  readonly edition: string;
}

interface Row {
  readonly customers: number | null;
  readonly run: number | null;
  readonly featured: number | null;
  readonly low: number | null;
  readonly medium: number | null;
  readonly high: number | null;
  readonly edition: string;
}

const ofDefault = Prisma.raw('crm.customer_score');

/** Reads once, by primary key, which scores are shown. All queries of a page then use these, whatever changes meanwhile. */
export async function shownScores(run: RunQuery, tenantId: string): Promise<ShownScores> {
  const [row] = await run<Row>(Prisma.sql`
    SELECT h.customers::float8 AS customers, r.run::float8 AS run,
      CASE WHEN r.run IS NULL THEN h.featured ELSE r.rows_done END::float8 AS featured,
      coalesce(r.band_low, h.band_low) AS low, coalesce(r.band_medium, h.band_medium) AS medium,
      coalesce(r.band_high, h.band_high) AS high, concat_ws('/', h.revision, h.scored_at, r.run) AS edition
    FROM (SELECT ${tenantId}::text AS id) AS t
    LEFT JOIN crm.history h ON h.tenant_id = t.id
    LEFT JOIN scoring g ON g.tenant_id = t.id AND g.mode = 'model'
    LEFT JOIN crm.scoring_run r ON r.tenant_id = t.id AND r.run = g.shown_run`);
  return {
    sheet: row?.run == null ? ofDefault : ofRun(tenantId, row.run),
    customers: row?.customers ?? null,
    featured: row?.featured ?? 0,
    bands: { low: row?.low ?? 0, medium: row?.medium ?? 0, high: row?.high ?? 0 },
    edition: row?.edition ?? '',
  };
}

/** PostgreSQL inlines this in the outer query, so the indexes of the scoring run work like those of customer_score. */
const ofRun = (tenantId: string, run: number): Prisma.Sql =>
  Prisma.raw(`(
    SELECT tenant_id, customer_id, ${featureColumns()}, probability, band, 'model' AS source, 'v' || version AS version, scored_at
    FROM ${runTable(tenantId, run)})`);
