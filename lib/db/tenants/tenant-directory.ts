import { z } from 'zod';
import { decodeCursor, encodeCursor } from '@/lib/domain/cursor';
import type { TenantCounts, TenantDirectory } from '@/lib/domain/tenants/ports';
import { type Tenant, tenantStates } from '@/lib/domain/tenants/tenant';
import { AnnexError } from '@/lib/errors';
import { readControl, withControl } from '../core/control-scope';
import { Prisma, type Tenant as StoredTenant } from '../generated/client';

type TenantRow = Omit<StoredTenant, 'sessionsValidAfter'>;

/** Columns of `TenantRow` from `tenant`. */
const tenantColumns = Prisma.raw('id, name, state, account_id AS "accountId", created_at AS "createdAt"');

const position = z.tuple([z.string(), z.string()]);

/** The control plane's list of tenants, without access to their data. */
export function tenantDirectory(): TenantDirectory {
  return {
    get: (tenantId) => findTenant(Prisma.sql`id = ${tenantId}`),
    findByAccount: (accountId) => findTenant(Prisma.sql`account_id = ${accountId}`),
    list: (page) => listTenants(page),
    counts: () => countTenants(),
    newest: (limit) => tenantsBy(Prisma.sql`ORDER BY created_at DESC, id DESC LIMIT ${limit}`),
    some: (tenantIds) => tenantsBy(Prisma.sql`WHERE id = ANY (${[...tenantIds]}::text[])`),
    recordAccount: (tenantId, accountId) => recordAccount(tenantId, accountId),
  };
}

async function findTenant(where: Prisma.Sql): Promise<Tenant | null> {
  const [tenant] = await tenantsBy(Prisma.sql`WHERE ${where}`);
  return tenant ?? null;
}

async function tenantsBy(clauses: Prisma.Sql): Promise<readonly Tenant[]> {
  const rows = await readControl((query) =>
    query<TenantRow>(Prisma.sql`SELECT ${tenantColumns} FROM tenant ${clauses}`),
  );
  return rows.map(toTenant);
}

async function countTenants(): Promise<TenantCounts> {
  const [counts] = await readControl((query) =>
    query<TenantCounts>(
      Prisma.sql`SELECT count(*)::integer AS total, count(account_id)::integer AS "withAccount",
          count(*) FILTER (WHERE state <> 'active')::integer AS suspended FROM tenant`,
    ),
  );
  return counts ?? { total: 0, suspended: 0, withAccount: 0 };
}

async function listTenants({
  after,
  limit,
}: {
  readonly after?: string | undefined;
  readonly limit: number;
}) {
  const behind = after === undefined ? null : decodeCursor(position, after);
  const later = behind ? Prisma.sql`WHERE (name, id) > (${behind[0]}, ${behind[1]})` : Prisma.empty;
  return readControl(async (query) => {
    const [rows, [count]] = await Promise.all([
      query<TenantRow>(
        Prisma.sql`SELECT ${tenantColumns} FROM tenant ${later} ORDER BY name, id LIMIT ${limit + 1}`,
      ),
      query<{ total: number }>(Prisma.sql`SELECT count(*)::integer AS total FROM tenant`),
    ]);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      tenants: shown.map(toTenant),
      total: count?.total ?? 0,
      next: rows.length > limit && last ? encodeCursor([last.name, last.id]) : null,
    };
  });
}

async function recordAccount(tenantId: string, accountId: string): Promise<void> {
  await withControl(async (tx) => {
    const { count } = await tx.tenant.updateMany({
      where: { id: tenantId, OR: [{ accountId: null }, { accountId }] },
      data: { accountId },
    });
    if (count > 0) return;
    const known = await tx.tenant.findUnique({ where: { id: tenantId }, select: { id: true } });
    if (!known) throw new AnnexError('not_found', `Tenant ${tenantId} does not exist.`);
    throw new AnnexError(
      'conflict',
      `Tenant ${tenantId} already has a different account. Nothing was changed.`,
    );
  });
}

/** A row as the domain knows it. A state that is not known counts as suspended. */
export function toTenant({ id, name, state, accountId, createdAt }: TenantRow): Tenant {
  const known = tenantStates.find((each) => each === state) ?? 'suspended';
  return { id, name, state: known, accountId, createdAt };
}
