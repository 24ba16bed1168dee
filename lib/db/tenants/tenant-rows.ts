import { type Tenant, type TenantState, tenantStates } from '@/lib/domain/tenants/tenant';
import { Prisma, type Tenant as StoredTenant } from '../generated/client';

export type TenantRow = Omit<StoredTenant, 'planId' | 'sessionsValidAfter'>;

/** Columns of `TenantRow` from `tenant`. */
export const tenantColumns = Prisma.raw(
  'id, name, state, account_id AS "accountId", created_at AS "createdAt"',
);

/** A stored state. One that is not known counts as suspended. */
export const tenantStateOf = (stored: string): TenantState =>
  tenantStates.find((each) => each === stored) ?? 'suspended';

/** A row as the domain knows it. */
export const toTenant = ({ id, name, state, accountId, createdAt }: TenantRow): Tenant => ({
  ...{ id, name, accountId, createdAt },
  state: tenantStateOf(state),
});
