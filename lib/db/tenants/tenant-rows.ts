import { type Tenant, tenantStates } from '@/lib/domain/tenants/tenant';
import { Prisma, type Tenant as StoredTenant } from '../generated/client';

export type TenantRow = Omit<StoredTenant, 'planId' | 'sessionsValidAfter'>;

/** Columns of `TenantRow` from `tenant`. */
export const tenantColumns = Prisma.raw(
  'id, name, state, account_id AS "accountId", created_at AS "createdAt"',
);

/** A row as the domain knows it. A state that is not known counts as suspended. */
export function toTenant({ id, name, state, accountId, createdAt }: TenantRow): Tenant {
  const known = tenantStates.find((each) => each === state) ?? 'suspended';
  return { id, name, state: known, accountId, createdAt };
}
