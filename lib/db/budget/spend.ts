import type { AuditEvent } from '@/lib/domain/audit/ports';
import {
  type BudgetNotice,
  type BudgetPercent,
  budgetPercents,
  type Measurement,
  type SpendBook,
  type SpendDay,
  type SpendStanding,
  type TenantSpend,
  type UnmailedNotice,
} from '@/lib/domain/budget/ports';
import { appendAudit } from '../core/audit-log';
import { readControl, withControl } from '../core/control-scope';
import { readTenant, withTenant } from '../core/tenant-scope';
import type { RunQuery } from '../core/transaction';
import { Prisma } from '../generated/client';

/** What is measured of `tenantId`. */
export const tenantSpend = (tenantId: string): TenantSpend => ({
  standing: () => readTenant(tenantId, (query) => standingOf(query, tenantId)),
  days: (month) =>
    readTenant(tenantId, (query) =>
      query<SpendDay>(Prisma.sql`
        SELECT day::text AS day, usd::float8 AS usd, unseen_seconds AS "unseenSeconds" FROM spend_day
        WHERE tenant_id = ${tenantId} AND day >= ${month}::date AND day < ${month}::date + interval '1 month' ORDER BY day`),
    ),
  add: (measurement) => add(tenantId, measurement),
  fail: async (reason, at) => {
    await withTenant(
      tenantId,
      (tx) =>
        tx.$executeRaw`UPDATE spend SET failing_since = coalesce(failing_since, ${at}), failure = ${reason} WHERE tenant_id = ${tenantId}`,
    );
  },
  notices: async (month) => {
    const rows = await readTenant(tenantId, (query) =>
      query<NoticeRow>(Prisma.sql`
        SELECT ${noticeColumns} FROM budget_notice n WHERE n.tenant_id = ${tenantId} AND n.month = ${month}::date ORDER BY n.percent`),
    );
    return rows.map(toNotice);
  },
  reach: (notice, event) => reach(tenantId, notice, event),
});

async function standingOf(query: RunQuery, tenantId: string): Promise<SpendStanding | null> {
  const [row] = await query<SpendStanding>(Prisma.sql`
    SELECT measured_until AS "measuredUntil", run_rate::float8 AS "runRate", unpriced, month::text AS month, usd::float8 AS usd,
      failing_since AS "failingSince", failure FROM spend WHERE tenant_id = ${tenantId}`);
  return row ?? null;
}

type NoticeRow = Omit<BudgetNotice, 'percent'> & { readonly percent: number };

const noticeColumns = Prisma.raw(
  `n.month::text AS month, n.percent, n.budget_usd::float8 AS "budgetUsd", n.spent_usd::float8 AS "spentUsd", n.brakes,
   n.reached_at AS "reachedAt"`,
);

function toNotice<R extends NoticeRow>({ percent, ...row }: R) {
  const known = budgetPercents.find((each): each is BudgetPercent => each === percent);
  if (!known) throw new Error(`budget_notice holds ${percent} percent`);
  return { ...row, percent: known };
}

/** All in one transaction, whose first write only one of several succeeds with. */
function add(tenantId: string, { since, until, runRate, unpriced, days }: Measurement): Promise<boolean> {
  return withTenant(tenantId, async (tx) => {
    const first = await tx.$executeRaw`
      UPDATE spend SET measured_until = ${until}, run_rate = ${runRate}, unpriced = ${[...unpriced]}, failing_since = NULL, failure = NULL
      WHERE tenant_id = ${tenantId} AND measured_until IS NOT DISTINCT FROM ${since}`;
    if (first === 0) return false;
    await tx.$executeRaw`
      INSERT INTO spend_day (tenant_id, day, usd, unseen_seconds)
      SELECT ${tenantId}, d.day, d.usd, d.unseen
      FROM unnest(${days.map(({ day }) => day)}::date[], ${days.map(({ usd }) => usd)}::numeric[],
        ${days.map(({ unseenSeconds }) => unseenSeconds)}::integer[]) AS d (day, usd, unseen)
      ON CONFLICT (tenant_id, day) DO UPDATE SET usd = spend_day.usd + EXCLUDED.usd,
        unseen_seconds = spend_day.unseen_seconds + EXCLUDED.unseen_seconds`;
    await tx.$executeRaw`
      UPDATE spend SET month = m.month, usd = (SELECT coalesce(sum(d.usd), 0) FROM spend_day d
          WHERE d.tenant_id = spend.tenant_id AND d.day >= m.month AND d.day < m.month + interval '1 month')
      FROM (SELECT date_trunc('month', ${until}::timestamptz AT TIME ZONE 'UTC')::date AS month) m WHERE spend.tenant_id = ${tenantId}`;
    return true;
  });
}

function reach(tenantId: string, notice: BudgetNotice, event: AuditEvent): Promise<boolean> {
  const { month, percent, budgetUsd, spentUsd, brakes, reachedAt } = notice;
  return withTenant(tenantId, async (tx) => {
    const added = await tx.$executeRaw`
      INSERT INTO budget_notice (tenant_id, month, percent, budget_usd, spent_usd, brakes, reached_at)
      VALUES (${tenantId}, ${month}::date, ${percent}, ${budgetUsd}, ${spentUsd}, ${brakes}, ${reachedAt}) ON CONFLICT DO NOTHING`;
    if (added > 0) await appendAudit(tx, tenantId, event);
    return added > 0;
  });
}

/** What is measured of all tenants. */
export const spendBook = (): SpendBook => ({
  standing: (tenantId) => readControl((query) => standingOf(query, tenantId)),
  claim,
  unmailed: async (limit) => {
    const rows = await readControl((query) =>
      query<NoticeRow & Pick<UnmailedNotice, 'tenantId' | 'tenantName'>>(Prisma.sql`
        SELECT n.tenant_id AS "tenantId", t.name AS "tenantName", ${noticeColumns} FROM budget_notice n JOIN tenant t ON t.id = n.tenant_id
        WHERE n.mailed_at IS NULL ORDER BY n.reached_at, n.tenant_id LIMIT ${limit}`),
    );
    return rows.map(toNotice);
  },
  mailed: ({ tenantId, month, percent }, at, event) =>
    withControl(async (tx) => {
      await tx.$executeRaw`
        UPDATE budget_notice SET mailed_at = ${at}
        WHERE tenant_id = ${tenantId} AND month = ${month}::date AND percent = ${percent} AND mailed_at IS NULL`;
      await appendAudit(tx, tenantId, event);
    }),
});

/** Tenants whose accounts may cost something. */
const measurable = Prisma.raw(`t.account_id IS NOT NULL AND t.state IN ('active', 'suspended', 'closing')`);

function claim(now: Date, nextAt: Date, limit: number): Promise<readonly string[]> {
  return withControl(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO spend (tenant_id) SELECT t.id FROM tenant t
      WHERE ${measurable} AND NOT EXISTS (SELECT 1 FROM spend s WHERE s.tenant_id = t.id)
      ORDER BY t.id LIMIT ${limit} ON CONFLICT DO NOTHING`;
    const claimed = await tx.$queryRaw<{ tenantId: string }[]>`
      WITH due AS MATERIALIZED (
        SELECT s.tenant_id FROM spend s JOIN tenant t ON t.id = s.tenant_id WHERE s.next_at <= ${now} AND ${measurable}
        ORDER BY s.next_at, s.tenant_id LIMIT ${limit} FOR UPDATE OF s SKIP LOCKED
      )
      UPDATE spend SET next_at = ${nextAt} FROM due WHERE spend.tenant_id = due.tenant_id RETURNING spend.tenant_id AS "tenantId"`;
    return claimed.map(({ tenantId }) => tenantId);
  });
}
