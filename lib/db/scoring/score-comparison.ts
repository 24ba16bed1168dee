import { z } from 'zod';
import {
  historyTermsSql,
  isPurchaseSql,
  ticketCountsSql,
  windowStartSql,
} from '@/lib/domain/churn/feature-sql';
import { churnFeatures } from '@/lib/domain/churn/features';
import type { HistoryGroup } from '@/lib/domain/churn/ports';
import type { Comparison, Past, PastRow, ScoreComparisons, ScorePair } from '@/lib/domain/scoring/ports';
import { addDays, horizonDays, utcDay } from '@/lib/domain/time';
import { createStage, fillStage } from '../churn/score-statements';
import { histories } from '../churn/score-store';
import { readTenant, withTenant, withTenantConnection } from '../core/tenant-scope';
import { type ScoreComparison as ComparisonRow, Prisma } from '../generated/client';
import { runTable } from './scoring-rows';

const longMs = 10 * 60_000;

/** The data for comparing `tenantId`'s model with the built-in model, and the stored comparison. */
export function scoreComparisons(tenantId: string): ScoreComparisons {
  return {
    pairs: (run, limit) => pairs(tenantId, run, limit),
    past: (limit, gather) => past(tenantId, limit, gather),
    newest: () => newest(tenantId),
    keep: (comparison) => keep(tenantId, comparison),
  };
}

/** $1 tenant. */
const paired = (scores: string): string => `
  FROM ${scores} m
  JOIN crm.customer_score d ON d.tenant_id = $1 AND d.customer_id = m.customer_id
  WHERE m.tenant_id = $1 AND d.probability IS NOT NULL`;

/** Up to `limit` customers with both scores; null when `run` is not the shown run. */
function pairs(tenantId: string, run: number, limit: number) {
  return withTenantConnection(
    tenantId,
    async (client) => {
      const shown = await client.query('SELECT FROM scoring WHERE tenant_id = $1 AND shown_run = $2', [
        tenantId,
        run,
      ]);
      if (shown.rowCount === 0) return null;
      const both = paired(runTable(tenantId, run));
      const counted = await client.query<{ customers: number }>(
        `SELECT count(*)::float8 AS customers ${both}`,
        [tenantId],
      );
      // Ordered by a hash of the id: the same sample each time, in an order that correlates with nothing.
      const { rows } = await client.query<ScorePair>(
        `SELECT d.probability AS default, m.probability AS model ${both} ORDER BY hashtextextended(m.customer_id, 0) LIMIT $2`,
        [tenantId, limit],
      );
      return { customers: counted.rows[0]?.customers ?? 0, pairs: rows };
    },
    { timeoutMs: longMs },
  );
}

/** $1 tenant, $2 the day, $3 the end of the period whose orders are known, $4 rows. */
const pastRows = `
  SELECT concat_ws(',', ${churnFeatures.map(({ sql }) => sql).join(', ')}) AS features,
    repeats::integer AS repeats, recency::integer AS recency, age::integer AS age,
    EXISTS (
      SELECT FROM crm.customer_order o
      WHERE o.tenant_id = $1 AND o.customer_id = staged.customer_id AND o.ordered_at >= $2::timestamptz AND o.ordered_at < $3::timestamptz
        AND ${isPurchaseSql('o')}
    ) AS ordered
  FROM (${historyTermsSql('staged_feature')}) AS staged
  LEFT JOIN (${ticketCountsSql({ tenant: '$1', asOf: '$2', windowStart: windowStartSql('$2') })}) AS ticketed USING (customer_id)
  ORDER BY hashtextextended(customer_id, 0) LIMIT $4`;

/** The tenant's customers 90 days before its `as_of`; null when nobody had ordered by then. */
function past<H>(
  tenantId: string,
  limit: number,
  gather: (groups: AsyncIterable<readonly HistoryGroup[]>) => Promise<H>,
): Promise<Past<H> | null> {
  return withTenantConnection(
    tenantId,
    async (client) => {
      await client.query(`SET LOCAL timezone = 'UTC'; SET LOCAL work_mem = '64MB'`);
      const history = await client.query<{ as_of: Date | null }>(
        'SELECT as_of FROM crm.history WHERE tenant_id = $1',
        [tenantId],
      );
      const until = history.rows[0]?.as_of;
      if (!until) return null;
      const asOf = before(until);
      await client.query(createStage);
      const staged = await client.query(fillStage, [tenantId, asOf, before(asOf), utcDay(asOf)]);
      const customers = staged.rowCount ?? 0;
      if (customers === 0) return null;
      const gathered = await gather(histories(client));
      const { rows } = await client.query<PastRow>(pastRows, [tenantId, asOf, until, limit]);
      return { asOf, until, customers, histories: gathered, rows };
    },
    { timeoutMs: longMs },
  );
}

const before = (instant: Date): Date => addDays(instant, -horizonDays);

const measures = z.object({ auc: z.number().nullable(), brier: z.number(), mean: z.number() });
const summaryShape = z.object({
  version: z.number(),
  customers: z.number(),
  sampled: z.number(),
  rankAgreement: z.number().nullable(),
  joint: z.array(z.array(z.number())),
  quantiles: z.array(z.object({ share: z.number(), default: z.number(), model: z.number() })),
  outcome: z.discriminatedUnion('known', [
    z.object({
      known: z.literal(true),
      asOf: z.coerce.date(),
      until: z.coerce.date(),
      customers: z.number(),
      sampled: z.number(),
      churned: z.number(),
      default: measures.nullable(),
      reason: z.string().nullable(),
      model: measures,
      baseline: z.number(),
    }),
    z.object({ known: z.literal(false), reason: z.string() }),
  ]),
});

async function newest(tenantId: string): Promise<Comparison | null> {
  const [row] = await readTenant(tenantId, (query) =>
    query<Pick<ComparisonRow, 'run' | 'computedAt' | 'summary'>>(Prisma.sql`
      SELECT run, computed_at AS "computedAt", summary FROM crm.score_comparison WHERE tenant_id = ${tenantId}`),
  );
  if (!row) return null;
  return { run: Number(row.run), computedAt: row.computedAt, ...summaryShape.parse(row.summary) };
}

async function keep(tenantId: string, made: Comparison): Promise<void> {
  const { run, computedAt, ...rest } = made;
  const summary = JSON.parse(JSON.stringify(rest));
  const data = { run: BigInt(run), computedAt, summary };
  await withTenant(tenantId, (tx) =>
    tx.scoreComparison.upsert({ where: { tenantId }, create: { tenantId, ...data }, update: data }),
  );
}
