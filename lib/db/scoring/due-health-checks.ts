import type { DueHealthChecks } from '@/lib/domain/scoring/ports';
import { withControl } from '../core/control-scope';

/** Tells which tenants are due for a health check, and nothing else about them. */
export function dueHealthChecks(): DueHealthChecks {
  return {
    due: async (now, limit) => {
      const rows = await withControl((tx) =>
        tx.scoring.findMany({
          where: { nextHealthCheckAt: { lte: now } },
          orderBy: [{ nextHealthCheckAt: 'asc' }, { tenantId: 'asc' }],
          take: limit,
          select: { tenantId: true },
        }),
      );
      return rows.map(({ tenantId }) => tenantId);
    },
  };
}
