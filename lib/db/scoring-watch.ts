import { z } from 'zod';
import { decodeCursor, encodeCursor } from '@/lib/domain/cursor';
import type { ScoringWatch } from '@/lib/domain/scoring/ports';
import { withControl } from './control-scope';

const position = z.object({ dueAt: z.coerce.date(), tenantId: z.string() });

/** Whose scoring is due, and nothing else of it. */
export function scoringWatch(): ScoringWatch {
  return {
    async due(now, { limit, after }) {
      const from = after === undefined ? null : decodeCursor(position, after);
      const behind = from && [
        { nextLookAt: { gt: from.dueAt } },
        { nextLookAt: from.dueAt, tenantId: { gt: from.tenantId } },
      ];
      const rows = await withControl((tx) =>
        tx.scoring.findMany({
          where: { nextLookAt: { lte: now }, ...(behind ? { OR: behind } : {}) },
          orderBy: [{ nextLookAt: 'asc' }, { tenantId: 'asc' }],
          take: limit,
          select: { tenantId: true, nextLookAt: true },
        }),
      );
      const due = rows.flatMap(({ tenantId, nextLookAt }) =>
        nextLookAt ? [{ tenantId, dueAt: nextLookAt }] : [],
      );
      const last = due.at(-1);
      return { due, next: last && due.length === limit ? encodeCursor(last) : null };
    },
  };
}
