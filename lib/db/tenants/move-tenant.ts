import type { TenantState } from '@/lib/domain/tenants/tenant';
import { AnnexError } from '@/lib/errors';
import type { Transaction } from '../core/transaction';

/** Moves a tenant from one of the states `from` to `to`. Throws `conflict` if it is in another one, `not_found`. */
export async function moveTenant(
  tx: Transaction,
  tenantId: string,
  from: readonly TenantState[],
  to: TenantState,
): Promise<void> {
  const { count } = await tx.tenant.updateMany({
    where: { id: tenantId, state: { in: [...from] } },
    data: { state: to },
  });
  if (count > 0) return;
  const present = await tx.tenant.findUnique({ where: { id: tenantId } });
  throw present
    ? new AnnexError('conflict', `${present.name} is ${present.state} now. Reload the page.`)
    : new AnnexError('not_found', `Tenant ${tenantId} does not exist.`);
}
