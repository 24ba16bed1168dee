import type { CustomerOverview } from '@/lib/domain/crm/ports';
import type { RunQuery } from '../core/transaction';
import { type History, Prisma, type Scoring, type ScoringRun } from '../generated/client';

type Row = Nullable<
  Pick<
    History,
    | 'revision'
    | 'revisedAt'
    | 'asOf'
    | 'customers'
    | 'orders'
    | 'firstOrderAt'
    | 'lastOrderAt'
    | 'importedAt'
    | 'scoredRevision'
    | 'scoredAt'
    | 'scoreVersion'
    | 'unfittedReason'
    | 'fitUncertainty'
    | 'histogram'
    | 'bandLow'
    | 'bandMedium'
    | 'bandHigh'
  > &
    Pick<Scoring, 'mode' | 'since' | 'reason'>
> & {
  /** Of the shown scoring run; null for default scores. */
  readonly runVersion: ScoringRun['version'] | null;
  readonly runRevision: ScoringRun['revision'] | null;
  readonly runFinishedAt: ScoringRun['finishedAt'];
};
type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** Reads what pages show without counting. */
export async function readOverview(query: RunQuery, tenantId: string): Promise<CustomerOverview> {
  const [row] = await query<Row>(Prisma.sql`
    SELECT h.revision, h.revised_at AS "revisedAt", h.as_of AS "asOf", h.customers, h.orders, h.first_order_at AS "firstOrderAt",
      h.last_order_at AS "lastOrderAt", h.imported_at AS "importedAt", h.scored_revision AS "scoredRevision",
      h.scored_at AS "scoredAt", h.score_version AS "scoreVersion", h.unfitted_reason AS "unfittedReason",
      h.fit_uncertainty AS "fitUncertainty", coalesce(r.histogram, h.histogram) AS histogram,
      coalesce(r.band_low, h.band_low) AS "bandLow", coalesce(r.band_medium, h.band_medium) AS "bandMedium",
      coalesce(r.band_high, h.band_high) AS "bandHigh", g.mode, g.since, g.reason,
      r.version AS "runVersion", r.revision AS "runRevision", r.finished_at AS "runFinishedAt"
    FROM (SELECT ${tenantId}::text AS id) AS t
    LEFT JOIN crm.history h ON h.tenant_id = t.id
    LEFT JOIN scoring g ON g.tenant_id = t.id
    LEFT JOIN crm.scoring_run r ON r.tenant_id = t.id AND r.run = g.shown_run AND g.mode = 'model'`);
  if (!row) throw new Error('the query of the overview gave no row');
  return {
    customers: Number(row.customers ?? 0),
    orders: Number(row.orders ?? 0),
    asOf: row.asOf,
    firstOrderAt: row.firstOrderAt,
    lastOrderAt: row.lastOrderAt,
    importedAt: row.importedAt,
    histogram: row.histogram ?? Array.from({ length: 10 }, () => 0),
    bands: { low: row.bandLow ?? 0, medium: row.bandMedium ?? 0, high: row.bandHigh ?? 0 },
    scoring: scoringOf(row),
    source: sourceOf(row),
  };
}

function sourceOf({ runVersion, mode, reason, since }: Row): CustomerOverview['source'] {
  if (runVersion !== null) return { kind: 'model', version: versionName(runVersion) };
  if (mode !== 'fallback' || since === null) return { kind: 'default' };
  return { kind: 'fallback', reason, since };
}

function scoringOf(row: Row): CustomerOverview['scoring'] {
  if (row.revision === null || row.revision === 0n) return { state: 'none' };
  const isRun = row.runVersion !== null;
  const scoredRevision = isRun ? row.runRevision : row.scoredRevision;
  const scoredAt = isRun ? row.runFinishedAt : row.scoredAt;
  if (scoredRevision === null || scoredRevision < row.revision || !scoredAt) {
    return { state: 'stale', since: row.revisedAt ?? row.importedAt ?? new Date() };
  }
  if (row.runVersion !== null) {
    return { state: 'scored', scoredAt, version: versionName(row.runVersion), uncertainty: null };
  }
  if (row.unfittedReason !== null) return { state: 'unfitted', reason: row.unfittedReason, at: scoredAt };
  return {
    state: 'scored',
    scoredAt,
    version: row.scoreVersion ?? '',
    uncertainty: row.fitUncertainty,
  };
}

/** The version's name in the rows of a scoring run. */
const versionName = (version: number): string => `v${version}`;
