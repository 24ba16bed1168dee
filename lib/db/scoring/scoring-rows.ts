import {
  failureCauses,
  type ScoringRun,
  type ScoringState,
  scoringModes,
  scoringRunStates,
} from '@/lib/domain/scoring/ports';
import { neverScored } from '@/lib/domain/scoring/transitions';
import type { Transaction } from '../core/transaction';
import { Prisma, type Scoring as StateRow, type ScoringRun as StoredRun } from '../generated/client';

/** What `runOf` reads of a run. */
export type RunRow = Omit<
  StoredRun,
  'tenantId' | 'holder' | 'stored' | 'histogram' | 'bandLow' | 'bandMedium' | 'bandHigh'
>;

/** Columns of `StateRow` from `scoring`. */
export const stateColumns =
  Prisma.raw(`tenant_id AS "tenantId", mode, since, reason, version, shown_run AS "shownRun",
  latest_run AS "latestRun", failures, cause, opened_at AS "openedAt", trials, failed_runs AS "failedRuns",
  next_look_at AS "nextHealthCheckAt"`);

/** Columns of `RunRow` from `crm.scoring_run`, as `r`. */
export const runColumns =
  Prisma.raw(`r.run, r.version, r.revision, r.state, r.asked_by AS "askedBy", r.asked_at AS "askedAt",
  r.started_at AS "startedAt", r.touched_at AS "touchedAt", r.finished_at AS "finishedAt", r.rows_done AS "rowsDone",
  r.rows_total AS "rowsTotal", r.last_customer AS "lastCustomer", r.failure`);

export const openStates: readonly ScoringRun['state'][] = ['waiting', 'running'];

/** The tenant's state, locked until the transaction ends, so that changes happen one at a time. */
export async function lockState(tx: Transaction, tenantId: string, now = new Date()): Promise<ScoringState> {
  await tx.scoring.createMany({ data: [{ tenantId, since: now }], skipDuplicates: true });
  await tx.$queryRaw`SELECT FROM scoring WHERE tenant_id = ${tenantId} FOR UPDATE`;
  return stateOf(await tx.scoring.findUniqueOrThrow({ where: { tenantId } }));
}

/** Overwrites the tenant's row with the whole state. The row exists, because `lockState` creates it. */
export async function saveState(tx: Transaction, tenantId: string, state: ScoringState): Promise<void> {
  const { breaker, shownRun, ...rest } = state;
  await tx.scoring.update({
    where: { tenantId },
    data: { ...rest, ...breaker, shownRun: shownRun === null ? null : BigInt(shownRun) },
  });
}

/** Converts the stored state to the domain's. Without a row: the state of a tenant that never had a model. */
export function stateOf(row: StateRow | null): ScoringState {
  if (!row) return neverScored(new Date());
  return {
    mode: scoringModes.find((mode) => mode === row.mode) ?? 'default',
    since: row.since,
    reason: row.reason,
    version: row.version,
    shownRun: row.shownRun === null ? null : Number(row.shownRun),
    breaker: {
      failures: row.failures,
      cause: failureCauses.find((cause) => cause === row.cause) ?? null,
      openedAt: row.openedAt,
      trials: row.trials,
      failedRuns: row.failedRuns,
    },
    nextHealthCheckAt: row.nextHealthCheckAt,
  };
}

/** Converts the stored run to the domain's. A state that this release does not know becomes `failed`. */
export function runOf(row: RunRow): ScoringRun {
  return {
    run: Number(row.run),
    version: row.version,
    revision: Number(row.revision),
    state: scoringRunStates.find((state) => state === row.state) ?? 'failed',
    askedBy: row.askedBy,
    askedAt: row.askedAt,
    startedAt: row.startedAt,
    touchedAt: row.touchedAt,
    finishedAt: row.finishedAt,
    rowsDone: Number(row.rowsDone),
    rowsTotal: Number(row.rowsTotal),
    lastCustomer: row.lastCustomer,
    failure: row.failure,
  };
}

/** Name of the run's table, as in the database's `crm.model_run`. Throws RangeError for an invalid tenant id or run. */
export function runTable(tenantId: string, run: number): string {
  if (!/^[a-z0-9](-?[a-z0-9]){1,30}$/.test(tenantId) || !Number.isSafeInteger(run)) {
    throw new RangeError(`Not a run: ${tenantId} ${run}`);
  }
  return `crm."model_${tenantId.replaceAll('-', '_')}_${run}"`;
}
