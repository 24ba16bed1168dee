import { z } from 'zod';
import type {
  ListedTenant,
  TenantHealth,
  TenantPage,
  TenantQuery,
  TenantSort,
} from '@/lib/domain/tenants/ports';
import { readControl } from '../core/control-scope';
import { edgeAt, listId, pageAt } from '../core/keyset';
import type { RunQuery } from '../core/transaction';
import { Prisma } from '../generated/client';
import { type TenantRow, tenantColumns, toTenant } from './tenant-rows';

type FoldedRow = TenantRow & {
  /** The name in small letters, by which it is sorted. */
  readonly folded: string;
  readonly planId: string;
  readonly planName: string;
  readonly failing: string | null;
  /** Null: the doctor never ran. */
  readonly examinedAt: Date | null;
};

interface SortKey {
  readonly column: Prisma.Sql;
  /** Of the column. */
  readonly type: Prisma.Sql;
  /** What a cursor keeps of it. */
  readonly key: z.ZodType<string>;
}

const sorts = {
  name: { column: Prisma.raw('lower(name)'), type: Prisma.raw('text'), key: z.string() },
  since: { column: Prisma.raw('created_at'), type: Prisma.raw('timestamptz'), key: z.iso.datetime() },
} satisfies Readonly<Record<TenantSort, SortKey>>;

/** Sorts after every character: in byte order, texts that begin with `x` lie between `x` and `x` followed by this. */
const last = '\u{10FFFF}';

/** One page of the tenants that `query` asks for. Throws `invalid` for a cursor of another list. */
export async function listTenants(query: TenantQuery): Promise<TenantPage> {
  const { sort, direction, search, state, plan, health, cursor, limit } = query;
  const { column, type, key } = sorts[sort];
  const list = listId([sort, direction, state ?? '', search ?? '', plan ?? '', health ?? '']);
  const edge = edgeAt(z.tuple([key, z.string()]), cursor, list);
  const ascending = (direction === 'asc') !== (edge?.d === 'p');
  const selected = selectedBy(query);
  const beyond = edge
    ? Prisma.sql`AND (${column}, id) ${Prisma.raw(ascending ? '>' : '<')} (${edge.k[0]}::${type}, ${edge.k[1]})`
    : Prisma.empty;
  const way = Prisma.raw(ascending ? 'ASC' : 'DESC');
  const keyOf = ({ folded, createdAt, id }: FoldedRow) => [
    sort === 'name' ? folded : createdAt.toISOString(),
    id,
  ];
  return readControl(async (run) => {
    const found = await run<FoldedRow>(Prisma.sql`
      SELECT ${tenantColumns}, lower(name) AS folded, plan_id AS "planId",
        (SELECT p.name FROM plan p WHERE p.id = plan_id) AS "planName",
        (SELECT d.failing FROM doctor_run d WHERE d.tenant_id = tenant.id AND d.finished_at IS NOT NULL) AS failing,
        (SELECT d.finished_at FROM doctor_run d WHERE d.tenant_id = tenant.id) AS "examinedAt"
      FROM tenant WHERE ${selected} ${beyond}
      ORDER BY ${column} ${way}, id ${way} LIMIT ${limit + 1}`);
    const { rows, ...links } = pageAt(found, { edge, limit, keyOf, list });
    const total = await count(run, selected);
    const [first] = rows;
    if (!links.previous || !first) return { ...links, tenants: rows.map(toListed), total, first: 1 };
    const [value, id] = keyOf(first);
    const sooner = Prisma.raw(direction === 'asc' ? '<' : '>');
    const before = await count(
      run,
      Prisma.sql`${selected} AND (${column}, id) ${sooner} (${value}::${type}, ${id})`,
    );
    return { ...links, tenants: rows.map(toListed), total, first: before + 1 };
  });
}

const toListed = ({ planId, planName, failing, examinedAt, ...row }: FoldedRow): ListedTenant => ({
  ...toTenant(row),
  plan: { id: planId, name: planName },
  health: examinedAt && { failing, at: examinedAt },
});

/** Ranges instead of LIKE, which an index has only for patterns that are known when the statement is planned. */
function selectedBy({ search, state, plan, health }: TenantQuery): Prisma.Sql {
  const inState = state ? Prisma.sql`state = ${state}` : Prisma.sql`TRUE`;
  const ofPlan = plan ? Prisma.sql`${inState} AND plan_id = ${plan}` : inState;
  const filtered = health ? Prisma.sql`${ofPlan} AND ${healths[health]}` : ofPlan;
  if (!search) return filtered;
  return Prisma.sql`${filtered} AND ${tenantBegins(search)}`;
}

const healths: Readonly<Record<TenantHealth, Prisma.Sql>> = {
  failing: Prisma.sql`id IN (SELECT tenant_id FROM doctor_run WHERE failing IS NOT NULL AND finished_at IS NOT NULL)`,
  ok: Prisma.sql`id IN (SELECT tenant_id FROM doctor_run WHERE failing IS NULL AND finished_at IS NOT NULL)`,
  unseen: Prisma.sql`NOT EXISTS (SELECT FROM doctor_run d WHERE d.tenant_id = tenant.id AND d.finished_at IS NOT NULL)`,
};

/** Where the name or the id of a tenant begins with `search`, in any case of letters. */
export function tenantBegins(search: string): Prisma.Sql {
  const begins = (text: Prisma.Sql) =>
    Prisma.sql`(${text} >= lower(${search}) COLLATE "C" AND ${text} < lower(${search}) || ${last} COLLATE "C")`;
  return Prisma.sql`(${begins(Prisma.sql`lower(name) COLLATE "C"`)} OR ${begins(Prisma.sql`id`)})`;
}

async function count(run: RunQuery, selected: Prisma.Sql): Promise<number> {
  const [counted] = await run<{ total: number }>(
    Prisma.sql`SELECT count(*)::integer AS total FROM tenant WHERE ${selected}`,
  );
  return counted?.total ?? 0;
}
