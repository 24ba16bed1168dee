import type { FeatureRow, Lease, ScoredBatch, Written } from '@/lib/domain/scoring/ports';
import { featureColumns } from '../churn/feature-columns';
import { withTenantConnection } from '../core/tenant-scope';
import { asWritten, undone } from './scoring-outcome';
import { runTable } from './scoring-rows';

const readFeatures = `
  SELECT customer_id, concat_ws(',', ${featureColumns()})
  FROM crm.customer_score
  WHERE tenant_id = $1 AND customer_id > $2
  ORDER BY customer_id LIMIT $3`;

/**
 * The next `limit` of `tenantId`'s customers by id, with their features. It reads on a plain connection, because Prisma takes
 * several times as long for so many rows.
 */
export function featureRows(tenantId: string, after: string | null, limit: number): Promise<FeatureRow[]> {
  return withTenantConnection(tenantId, async (client) => {
    const { rows } = await client.query<[string, string]>({
      text: readFeatures,
      // Ids are never empty.
      values: [tenantId, after ?? '', limit],
      rowMode: 'array',
    });
    return rows.map(([customerId, features]) => ({ customerId, features }));
  });
}

/** $1 tenant, $2 run, $3 holder, $4 last customer before the batch, $5 last customer after it, $6 rows, $7 time. */
const advance = `
  UPDATE crm.scoring_run AS r
  SET rows_done = r.rows_done + $6, last_customer = $5, touched_at = $7
  WHERE r.tenant_id = $1 AND r.run = $2 AND r.state = 'running' AND r.holder = $3
    AND r.last_customer IS NOT DISTINCT FROM $4::text
    AND r.revision = (SELECT scored_revision FROM crm.history WHERE tenant_id = $1)
    AND r.version = (SELECT version FROM scoring WHERE tenant_id = $1)
  RETURNING r.version`;

/**
 * $1 tenant, $2 version, $3 time, $4 customers, $5 probabilities, $6 the customer before the first, $7 the last
 * customer. Joins by id, so that each customer gets its own score.
 */
const insertScores = (scores: string): string => `
  INSERT INTO ${scores} (tenant_id, customer_id, ${featureColumns()}, probability, version, scored_at)
  SELECT $1, s.customer_id, ${featureColumns('s')}, given.probability, $2, $3
  FROM unnest($4::text[], $5::float8[]) AS given (customer_id, probability)
  JOIN crm.customer_score s ON s.tenant_id = $1 AND s.customer_id > $6 AND s.customer_id <= $7
    AND s.customer_id = given.customer_id`;

/** See `ScoringRuns.store`. */
export async function storeBatch(
  tenantId: string,
  { run, holder }: Lease,
  batch: ScoredBatch,
): Promise<Written> {
  const { after, rows, probabilities, at } = batch;
  if (rows.length !== probabilities.length) throw new RangeError('A batch needs one probability per row.');
  const ids = rows.map(({ customerId }) => customerId);
  return asWritten(() =>
    withTenantConnection(tenantId, async (client) => {
      // A batch that a database crash loses is requested again. The end of a run waits for the disk, and so for all
      // batches before it.
      await client.query('SET LOCAL synchronous_commit = off');
      const last = ids.at(-1) ?? after;
      const values = [tenantId, run, holder, after, last, rows.length, at];
      const moved = await client.query<{ version: number }>(advance, values);
      const version = moved.rows[0]?.version;
      if (version === undefined) {
        const mine = await client.query(
          `SELECT FROM crm.scoring_run WHERE tenant_id = $1 AND run = $2 AND state = 'running' AND holder = $3
             AND last_customer IS NOT DISTINCT FROM $4::text`,
          values.slice(0, 4),
        );
        return mine.rowCount === 1 ? 'superseded' : 'lost';
      }
      const stored = await client.query(insertScores(runTable(tenantId, run)), [
        ...[tenantId, version, at, ids, probabilities],
        ...[after ?? '', last],
      ]);
      if (stored.rowCount !== rows.length) undone('superseded');
      return 'written';
    }),
  );
}
