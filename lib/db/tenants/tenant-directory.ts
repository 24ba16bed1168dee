import { z } from 'zod';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { TenantCounts, TenantDirectory, TenantPage } from '@/lib/domain/tenants/ports';
import { type Tenant, type TenantState, tenantStates } from '@/lib/domain/tenants/tenant';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readControl, withControl } from '../core/control-scope';
import { edgeAt, pageAt } from '../core/keyset';
import type { Transaction } from '../core/transaction';
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
    newest: (limit) =>
      tenantsBy(
        Prisma.sql`WHERE state NOT IN ('requested', 'declined') ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
      ),
    requested: (limit) =>
      tenantsBy(Prisma.sql`WHERE state = 'requested' ORDER BY created_at, id LIMIT ${limit}`),
    some: (tenantIds) => tenantsBy(Prisma.sql`WHERE id = ANY (${[...tenantIds]}::text[])`),
    recordAccount: (tenantId, accountId) => recordAccount(tenantId, accountId),
    move: (tenantId, change, event) => move(tenantId, change, event),
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

async function listTenants({ cursor, limit }: Parameters<TenantDirectory['list']>[0]): Promise<TenantPage> {
  const edge = edgeAt(position, cursor);
  const back = edge?.d === 'p';
  const beyond = edge
    ? Prisma.sql`WHERE (name, id) ${Prisma.raw(back ? '<' : '>')} (${edge.k[0]}, ${edge.k[1]})`
    : Prisma.empty;
  const order = Prisma.raw(back ? 'name DESC, id DESC' : 'name, id');
  return readControl(async (query) => {
    const found = await query<TenantRow>(
      Prisma.sql`SELECT ${tenantColumns} FROM tenant ${beyond} ORDER BY ${order} LIMIT ${limit + 1}`,
    );
    const { rows, ...links } = pageAt(found, { edge, limit, keyOf: ({ name, id }) => [name, id] });
    const [first] = rows;
    const [counts] = await query<{ total: number; before: number }>(
      Prisma.sql`SELECT count(*)::integer AS total,
          count(*) FILTER (WHERE (name, id) < (${first?.name ?? ''}, ${first?.id ?? ''}))::integer AS before FROM tenant`,
    );
    const { total = 0, before = 0 } = counts ?? {};
    return { ...links, tenants: rows.map(toTenant), total, first: before + 1 };
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

async function move(
  tenantId: string,
  { from, to }: { readonly from: TenantState; readonly to: TenantState },
  event: AuditEvent,
): Promise<void> {
  await withControl(async (tx) => {
    const { count } = await tx.tenant.updateMany({
      where: { id: tenantId, state: from },
      data: { state: to },
    });
    if (count === 0) throw await notMoved(tx, tenantId);
    await appendAudit(tx, tenantId, event);
  });
}

async function notMoved(tx: Transaction, tenantId: string): Promise<AnnexError> {
  const present = await tx.tenant.findUnique({ where: { id: tenantId } });
  return present
    ? new AnnexError('conflict', `${present.name} is ${present.state} now. Reload the page.`)
    : new AnnexError('not_found', `Tenant ${tenantId} does not exist.`);
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

/** A row as the domain knows it. A state that is not known counts as suspended. */
export function toTenant({ id, name, state, accountId, createdAt }: TenantRow): Tenant {
  const known = tenantStates.find((each) => each === state) ?? 'suspended';
  return { id, name, state: known, accountId, createdAt };
}
