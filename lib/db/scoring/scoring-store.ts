import type { Scoring, ScoringStore } from '@/lib/domain/scoring/ports';
import { appendAudit } from '../core/audit-log';
import { readTenant, withTenant } from '../core/tenant-scope';
import type { RunQuery } from '../core/transaction';
import { Prisma, type Scoring as StateRow } from '../generated/client';
import { lockState, type RunRow, runColumns, runOf, saveState, stateColumns, stateOf } from './scoring-rows';

/** Which scores readers of `tenantId` see. */
export function scoringStore(tenantId: string): ScoringStore {
  return {
    read: () => readTenant(tenantId, (query) => readScoring(query, tenantId)),
    change: (change, audit) =>
      withTenant(tenantId, async (tx) => {
        const before = await lockState(tx, tenantId);
        const after = change(before);
        if (after) await saveState(tx, tenantId, after);
        const event = after && audit?.(before, after);
        if (event) await appendAudit(tx, tenantId, event);
        return after ?? before;
      }),
  };
}

async function readScoring(query: RunQuery, tenantId: string): Promise<Scoring> {
  const [[row], runs] = await Promise.all([
    query<StateRow>(Prisma.sql`SELECT ${stateColumns} FROM scoring WHERE tenant_id = ${tenantId}`),
    query<RunRow>(Prisma.sql`
      SELECT ${runColumns} FROM scoring g
      JOIN crm.scoring_run r ON r.tenant_id = g.tenant_id AND r.run IN (g.shown_run, g.latest_run)
      WHERE g.tenant_id = ${tenantId}`),
  ]);
  const runAt = (run: bigint | null | undefined) => {
    const found = runs.find((one) => one.run === run);
    return found ? runOf(found) : null;
  };
  return { state: stateOf(row ?? null), shown: runAt(row?.shownRun), latest: runAt(row?.latestRun) };
}
