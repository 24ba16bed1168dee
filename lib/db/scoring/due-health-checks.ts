import type { DueHealthChecks } from '@/lib/domain/scoring/ports';
import { withControl } from '../core/control-scope';

/** Tells which tenants are due for a health check, and nothing else about them. */
export function dueHealthChecks(): DueHealthChecks {
  return {
    due: async (now, limit) => {
      const rows = await withControl((tx) =>
        tx.scoring.findMany({
          // Those of suspended tenants stay due until they are back, and must not fill the list.
          where: { nextHealthCheckAt: { lte: now }, tenant: { state: { not: 'suspended' } } },
          orderBy: [{ nextHealthCheckAt: 'asc' }, { tenantId: 'asc' }],
          take: limit,
          select: { tenantId: true },
        }),
      );
      return rows.map(({ tenantId }) => tenantId);
    },
  };
}
