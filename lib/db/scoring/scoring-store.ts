import type { Scoring, ScoringStore } from '@/lib/domain/scoring/ports';
import { withTenant } from '../core/tenant-scope';
import type { Transaction } from '../core/transaction';
import { lockState, runOf, saveState, stateOf } from './scoring-rows';

/** Which scores readers of `tenantId` see. */
export function scoringStore(tenantId: string): ScoringStore {
  return {
    read: () => withTenant(tenantId, (tx) => readScoring(tx, tenantId)),
    change: (change) =>
      withTenant(tenantId, async (tx) => {
        const before = await lockState(tx, tenantId);
        const after = change(before);
        if (after) await saveState(tx, tenantId, after);
        return after ?? before;
      }),
  };
}

async function readScoring(tx: Transaction, tenantId: string): Promise<Scoring> {
  const row = await tx.scoring.findUnique({ where: { tenantId } });
  const wanted = [row?.shownRun, row?.latestRun].filter((run) => typeof run === 'bigint');
  const runs =
    wanted.length > 0 ? await tx.scoringRun.findMany({ where: { tenantId, run: { in: wanted } } }) : [];
  const runAt = (run: bigint | null | undefined) => {
    const found = runs.find((one) => one.run === run);
    return found ? runOf(found) : null;
  };
  return { state: stateOf(row), shown: runAt(row?.shownRun), latest: runAt(row?.latestRun) };
}
