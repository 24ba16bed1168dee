import { z } from 'zod';
import type { CostPage, CostQuery, CostSort, CostTotals, TenantCost } from '@/lib/domain/costs/ports';
import { readControl } from '../core/control-scope';
import { edgeAt, listId, pageAt } from '../core/keyset';
import { Prisma } from '../generated/client';
import { tenantBegins } from '../tenants/tenant-pages';
import { tenantStateOf } from '../tenants/tenant-rows';

type CostRow = Omit<TenantCost, 'state'> & { readonly state: string; readonly key: string };

/** What is not known sorts below everything that is. */
const figure = (column: string) => ({
  sql: Prisma.raw(`coalesce(${column}, -1e15)`),
  type: Prisma.raw('numeric'),
});
const sorts: Readonly<Record<CostSort, { readonly sql: Prisma.Sql; readonly type: Prisma.Sql }>> = {
  name: { sql: Prisma.raw('lower(name)'), type: Prisma.raw('text') },
  bill: figure('bill'),
  before: figure('before'),
  rate: figure('rate'),
  spent: figure('spent'),
};

/**
 * One page of what tenants cost. All tenants that are asked for are joined and sorted each time: ten thousand take a few hundredths of
 * a second, and the sums need them anyway. Throws `invalid` for a cursor of another list.
 */
export async function listCosts(query: CostQuery): Promise<CostPage> {
  const { sort, direction, search, cursor, limit, month, before } = query;
  const { sql, type } = sorts[sort];
  const list = listId(['costs', sort, direction, search ?? '', month]);
  const edge = edgeAt(z.tuple([z.string().max(400), z.string()]), cursor, list);
  const ascending = (direction === 'asc') !== (edge?.d === 'p');
  const way = Prisma.raw(ascending ? 'ASC' : 'DESC');
  const beyond = edge
    ? Prisma.sql`WHERE (${sql}, id) ${Prisma.raw(ascending ? '>' : '<')} (${edge.k[0]}::${type}, ${edge.k[1]})`
    : Prisma.empty;
  const all = costsOf(month, before, search);
  return readControl(async (run) => {
    const found = await run<CostRow>(Prisma.sql`
      SELECT id, name, state, account_id AS "accountId", bill::float8, before::float8, rate::float8, spent::float8, budget,
        measured_until AS "measuredAt", failing_since AS "failingSince", (${sql})::text AS key
      FROM (${all}) AS c ${beyond} ORDER BY ${sql} ${way}, id ${way} LIMIT ${limit + 1}`);
    const keyOf = ({ key, id }: CostRow) => [key, id];
    const { rows, ...links } = pageAt(found, { edge, limit, keyOf, list });
    const [totals = none] = await run<CostTotals>(Prisma.sql`
      SELECT count(*)::integer AS tenants, sum(bill)::float8 AS bill, sum(before)::float8 AS before, sum(rate)::float8 AS rate,
        sum(spent)::float8 AS spent FROM (${all}) AS c`);
    const page = { costs: rows.map(toCost), totals, total: totals.tenants, ...links };
    const [first] = rows;
    if (!links.previous || !first) return { ...page, first: 1 };
    const sooner = Prisma.raw(direction === 'asc' ? '<' : '>');
    const [rank] = await run<{ count: number }>(Prisma.sql`
      SELECT count(*)::integer AS count FROM (${all}) AS c WHERE (${sql}, id) ${sooner} (${first.key}::${type}, ${first.id})`);
    return { ...page, first: (rank?.count ?? 0) + 1 };
  });
}

const none: CostTotals = { tenants: 0, bill: null, before: null, rate: null, spent: null };

/** Tenants that were admitted, with what they cost. */
function costsOf(month: string, before: string, search: string | undefined): Prisma.Sql {
  const selected = search ? Prisma.sql`AND ${tenantBegins(search)}` : Prisma.empty;
  return Prisma.sql`
    SELECT t.id, t.name, t.state, t.account_id, m.usd AS bill, l.usd AS before, s.run_rate AS rate,
      CASE WHEN s.month = ${month}::date THEN s.usd WHEN s.measured_until IS NOT NULL THEN 0 END AS spent,
      v.monthly_budget_usd AS budget, s.measured_until, s.failing_since
    FROM tenant t
    CROSS JOIN (SELECT shown FROM bill) b
    LEFT JOIN account_cost m ON m.tenant_id = t.id AND m.month = ${month}::date AND m.reading = b.shown
    LEFT JOIN account_cost l ON l.tenant_id = t.id AND l.month = ${before}::date AND l.reading = b.shown
    LEFT JOIN spend s ON s.tenant_id = t.id
    LEFT JOIN (SELECT DISTINCT ON (plan_id) plan_id, monthly_budget_usd FROM plan_version ORDER BY plan_id, version DESC) v
      ON v.plan_id = t.plan_id
    WHERE t.state NOT IN ('requested', 'declined') ${selected}`;
}

const toCost = ({ key: _, state, ...row }: CostRow): TenantCost => ({ ...row, state: tenantStateOf(state) });
