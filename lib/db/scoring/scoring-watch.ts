import type { ScoringWatch } from '@/lib/domain/scoring/ports';
import { withControl } from '../core/control-scope';

/** Tells which tenants' scoring is due, but nothing else about it. */
export function scoringWatch(): ScoringWatch {
  return {
    due: async (now, limit) => {
      const rows = await withControl((tx) =>
        tx.scoring.findMany({
          where: { nextLookAt: { lte: now } },
          orderBy: [{ nextLookAt: 'asc' }, { tenantId: 'asc' }],
          take: limit,
          select: { tenantId: true },
        }),
      );
      return rows.map(({ tenantId }) => tenantId);
    },
  };
}
