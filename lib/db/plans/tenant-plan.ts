import type { TenantPlan } from '@/lib/domain/plans/ports';
import { readTenant } from '../core/tenant-scope';
import { Prisma } from '../generated/client';
import { type InForceRow, limitColumns, toInForce } from './plan-rows';

/** The plan of `tenantId`. */
export const tenantPlan = (tenantId: string): TenantPlan => ({
  current: async () => {
    const [row] = await readTenant(tenantId, (query) =>
      query<InForceRow>(Prisma.sql`
        SELECT p.id, p.name, v.version, ${limitColumns} FROM tenant t JOIN plan p ON p.id = t.plan_id JOIN plan_version v ON v.plan_id = p.id
        WHERE t.id = ${tenantId} ORDER BY v.version DESC LIMIT 1`),
    );
    if (!row) throw new Error(`tenant ${tenantId} has no plan`);
    return toInForce(row);
  },
});
