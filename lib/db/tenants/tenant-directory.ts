import type { TenantCounts, TenantDirectory } from '@/lib/domain/tenants/ports';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readControl, withControl } from '../core/control-scope';
import { Prisma } from '../generated/client';
import { moveTenant } from './move-tenant';
import { listTenants } from './tenant-pages';
import { type TenantRow, tenantColumns, toTenant } from './tenant-rows';

/** The control plane's list of tenants, without access to their data. */
export function tenantDirectory(): TenantDirectory {
  return {
    get: (tenantId) => findTenant(Prisma.sql`id = ${tenantId}`),
    findByAccount: (accountId) => findTenant(Prisma.sql`account_id = ${accountId}`),
    list: (query) => listTenants(query),
    counts: () => countTenants(),
    newest: (limit) =>
      tenantsBy(
        Prisma.sql`WHERE state NOT IN ('requested', 'declined') ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
      ),
    requested: (limit) =>
      tenantsBy(Prisma.sql`WHERE state = 'requested' ORDER BY created_at, id LIMIT ${limit}`),
    some: (tenantIds) => tenantsBy(Prisma.sql`WHERE id = ANY (${[...tenantIds]}::text[])`),
    recordAccount: (tenantId, accountId) => recordAccount(tenantId, accountId),
    move: (tenantId, { from, to }, event) =>
      withControl(async (tx) => {
        await moveTenant(tx, tenantId, [from], to);
        await appendAudit(tx, tenantId, event);
      }),
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
          count(*) FILTER (WHERE state = 'active')::integer AS active,
          count(*) FILTER (WHERE state = 'suspended')::integer AS suspended FROM tenant`,
    ),
  );
  return counts ?? { total: 0, active: 0, suspended: 0, withAccount: 0 };
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

/** Closes a tenant that has no account. Repeating it changes nothing. Throws `conflict` if it has one. */
export async function closeUnused(tenantId: string): Promise<void> {
  await withControl(async (tx) => {
    const { count } = await tx.tenant.updateMany({
      where: { id: tenantId, accountId: null },
      data: { state: 'closed' },
    });
    if (count === 0) throw new AnnexError('conflict', `Tenant ${tenantId} has an AWS account.`);
  });
}
