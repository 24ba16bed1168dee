import { z } from 'zod';
import { decodeCursor, encodeCursor } from '@/lib/domain/cursor';
import type { TenantDirectory } from '@/lib/domain/tenants/ports';
import { type Tenant, tenantStates } from '@/lib/domain/tenants/tenant';
import { AnnexError } from '@/lib/errors';
import { withControl } from '../core/control-scope';
import type { Tenant as TenantRow } from '../generated/client';

const position = z.tuple([z.string(), z.string()]);

/** The control plane's list of tenants, without access to their data. */
export function tenantDirectory(): TenantDirectory {
  return {
    get: async (tenantId) => {
      const row = await withControl((tx) => tx.tenant.findUnique({ where: { id: tenantId } }));
      return row ? toTenant(row) : null;
    },
    findByAccount: async (accountId) => {
      const row = await withControl((tx) => tx.tenant.findUnique({ where: { accountId } }));
      return row ? toTenant(row) : null;
    },
    list: (page) => listTenants(page),
    recordAccount: (tenantId, accountId) => recordAccount(tenantId, accountId),
  };
}

async function listTenants({
  after,
  limit,
}: {
  readonly after?: string | undefined;
  readonly limit: number;
}) {
  const behind = after === undefined ? null : decodeCursor(position, after);
  return withControl(async (tx) => {
    const rows = await tx.tenant.findMany({
      where: behind ? { OR: [{ name: { gt: behind[0] } }, { name: behind[0], id: { gt: behind[1] } }] } : {},
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      take: limit + 1,
    });
    const total = await tx.tenant.count();
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      tenants: shown.map(toTenant),
      total,
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
export function toTenant({
  id,
  name,
  state,
  accountId,
  createdAt,
}: Omit<TenantRow, 'sessionsValidAfter'>): Tenant {
  const known = tenantStates.find((each) => each === state) ?? 'suspended';
  return { id, name, state: known, accountId, createdAt };
}
