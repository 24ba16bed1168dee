import { ulid } from 'ulid';
import type { BillBook, BillLine, BillStanding, MonthBill, TenantBill } from '@/lib/domain/costs/ports';
import type { Month } from '@/lib/domain/month';
import { readControl, withControl } from '../core/control-scope';
import { readTenant } from '../core/tenant-scope';
import type { RunQuery } from '../core/transaction';
import { Prisma } from '../generated/client';
import { listCosts } from './cost-pages';

/** The bill as it was last read, for every tenant. */
export const billBook = (): BillBook => ({
  standing: () => readControl(standingOf),
  begin,
  add,
  show,
  fail,
  list: listCosts,
  of: (tenantId, months) => readControl((query) => monthsOf(query, tenantId, months)),
});

/** `tenantId`’s part of it. */
export const tenantBill = (tenantId: string): TenantBill => ({
  standing: () => readTenant(tenantId, standingOf),
  of: async (month) => (await readTenant(tenantId, (query) => monthsOf(query, tenantId, [month])))[0] ?? null,
});

async function standingOf(query: RunQuery): Promise<BillStanding> {
  const [row] = await query<BillStanding>(Prisma.sql`
    SELECT read_at AS "readAt", as_of AS "asOf", failing_since AS "failingSince", failure FROM bill`);
  return row ?? { readAt: null, asOf: null, failingSince: null, failure: null };
}

interface MonthRow {
  readonly month: Month;
  readonly usd: number;
  readonly estimated: boolean;
  readonly services: MonthBill['services'];
}

function monthsOf(
  query: RunQuery,
  tenantId: string,
  months: readonly Month[],
): Promise<readonly MonthBill[]> {
  return query<MonthRow>(Prisma.sql`
    SELECT c.month::text AS month, c.usd::float8 AS usd, c.estimated,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('service', s.name, 'usd', s.usd) ORDER BY s.usd DESC, s.name), '[]')
       FROM (SELECT e ->> 0 AS name, sum((e ->> 1)::numeric) AS usd FROM jsonb_array_elements(c.services) e GROUP BY 1) s) AS services
    FROM account_cost c JOIN bill b ON b.shown = c.reading
    WHERE c.tenant_id = ${tenantId} AND c.month = ANY (${[...months]}::date[]) ORDER BY c.month DESC`);
}

function begin(now: Date, nextAt: Date): Promise<string | null> {
  const reading = ulid();
  return withControl(async (tx) => {
    const begun = await tx.$executeRaw`
      UPDATE bill SET reading = ${reading}, next_at = ${nextAt} WHERE next_at <= ${now}`;
    return begun > 0 ? reading : null;
  });
}

function add(reading: string, lines: readonly BillLine[]): Promise<number> {
  const column = (of: (line: BillLine) => string | boolean) => lines.map(of);
  return withControl(
    (tx) =>
      // An account’s lines may be on two pages.
      tx.$executeRaw`
        INSERT INTO account_cost (reading, tenant_id, month, account_id, usd, services, estimated)
        SELECT ${reading}, t.id, l.month, t.account_id, sum(l.usd), jsonb_agg(jsonb_build_array(l.service, l.usd::text)), bool_or(l.estimated)
        FROM unnest(${column(({ accountId }) => accountId)}::text[], ${column(({ month }) => month)}::date[],
          ${column(({ service }) => service)}::text[], ${column(({ usd }) => usd)}::numeric[],
          ${column(({ estimated }) => estimated)}::boolean[]) AS l (account_id, month, service, usd, estimated)
        JOIN tenant t ON t.account_id = l.account_id
        GROUP BY t.id, l.month
        ON CONFLICT (tenant_id, month, reading) DO UPDATE SET usd = account_cost.usd + EXCLUDED.usd,
          services = account_cost.services || EXCLUDED.services, estimated = account_cost.estimated OR EXCLUDED.estimated`,
  );
}

const show: BillBook['show'] = (reading, { readAt, asOf, nextAt }) =>
  withControl(async (tx) => {
    const shown = await tx.$executeRaw`
      UPDATE bill SET shown = ${reading}, read_at = ${readAt}, as_of = ${asOf}, next_at = ${nextAt},
        failing_since = NULL, failures = 0, failure = NULL WHERE reading = ${reading}`;
    if (shown > 0) await tx.$executeRaw`DELETE FROM account_cost WHERE reading <> ${reading}`;
    return shown > 0;
  });

const fail: BillBook['fail'] = (reading, { reason, at, nextAtAfter }) =>
  withControl(async (tx) => {
    await tx.$executeRaw`DELETE FROM account_cost WHERE reading = ${reading}`;
    const [failed] = await tx.$queryRaw<{ failures: number }[]>`
      UPDATE bill SET failures = failures + 1, failing_since = coalesce(failing_since, ${at}), failure = ${reason}
      WHERE reading = ${reading} RETURNING failures`;
    if (failed)
      await tx.$executeRaw`UPDATE bill SET next_at = ${nextAtAfter(failed.failures)} WHERE reading = ${reading}`;
  });
