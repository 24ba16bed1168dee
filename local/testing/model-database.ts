import { expect } from 'vitest';
import { scoreStore } from '@/lib/db/churn/score-store';
import { scoreComparisons } from '@/lib/db/scoring/score-comparison';
import { scoringRuns } from '@/lib/db/scoring/scoring-runs';
import { scoringStore } from '@/lib/db/scoring/scoring-store';
import type { FeatureRow, Lease, ScoringState } from '@/lib/domain/scoring/ports';
import { failed, following, later, scored } from '@/lib/domain/scoring/transitions';
import { fitNow, asOf as now, startScoredDatabase } from './scored-database';

/** A database with the tenants `foo` and `bar`, which have default scores, and `new`, which has no orders. */
export async function startModelDatabase() {
  const database = await startScoredDatabase(['foo', 'bar'], ['new']);
  for (const tenant of ['foo', 'bar']) await scoreStore(tenant).rescore(fitNow);

  /** Tables of a tenant's scoring runs, oldest first. */
  async function tables(tenant: string): Promise<string[]> {
    const { rows } = await database.admin.query<{ name: string }>(
      `SELECT 'crm.' || relname AS name FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'crm'::regnamespace AND relname LIKE 'model\\_' || $1 || '\\_%' AND relname <> 'model_score'
       ORDER BY oid`,
      [tenant],
    );
    return rows.map(({ name }) => name);
  }

  return {
    ...database,
    tables,
    rowsOf: async (table: string | undefined): Promise<number> =>
      (await database.admin.query(`SELECT FROM ${table}`)).rowCount ?? 0,
    /** Restores the state before the first activation. */
    forget: async (): Promise<void> => {
      for (const table of await tables('%')) await database.admin.query(`DROP TABLE ${table}`);
      for (const table of ['crm.scoring_run', 'crm.score_comparison', 'scoring']) {
        await database.admin.query(`DELETE FROM ${table}`);
      }
    },
  };
}

/** The ports that score a tenant with its model. */
export const scoringOf = (tenantId: string) => ({
  scoring: scoringStore(tenantId),
  runs: scoringRuns(tenantId),
  comparisons: scoreComparisons(tenantId),
});
export const foo = scoringOf('foo');
/** The lease of a scoring run, by run and holder. */
export const lease = (run: number, holder = 'one'): Lease => ({ run, holder });

/** A score with many ties, in a different order from the default scores. */
export const given = ({ customerId }: FeatureRow): number => ((Number(customerId.slice(1)) * 7) % 20) / 20;
/** Makes that version the source of scores, or the built-in model (null). */
export const follow = (store: typeof foo, version: number | null) =>
  store.scoring.change((state) => following(state, version, now));

/** Activates `version` and opens a scoring run of it. `force` opens it whatever was scored before. */
export async function open(store = foo, version = 1, force = false) {
  await follow(store, version);
  const run = await store.runs.open({ version, askedBy: null, force, at: now });
  if (!run) throw new Error('no run was opened');
  return run;
}

/** Takes the lease for `one.holder`, even from another holder that was silent for 30 s. */
export const claim = (store: typeof foo, one: Lease, time = now) =>
  store.runs.claim(one, { at: time, staleBefore: later(time, -30_000) });

/** Stores the scores of up to `limit` customers after the id `after`. Returns the outcome and the last id. */
export async function storeNext(store: typeof foo, one: Lease, after: string | null, limit = 25) {
  const rows = await store.runs.rows(after, limit);
  const written = await store.runs.store(one, { after, rows, probabilities: rows.map(given), at: now });
  return { written, last: rows.at(-1)?.customerId ?? null, count: rows.length };
}

/** Scores all customers of a tenant with version 1. */
export async function whole(store = foo, version = 1): Promise<number> {
  const { run } = await open(store, version, true);
  await claim(store, lease(run));
  let after: string | null = null;
  for (;;) {
    const { written, last, count } = await storeNext(store, lease(run), after);
    expect(written).toBe('written');
    after = last ?? after;
    if (count < 25) break;
  }
  expect(await store.runs.complete(lease(run), now, (state) => scored(state, { run }, now))).toBe('written');
  return run;
}

/** The state after a scoring run whose endpoint did not respond. */
export const fall = (state: ScoringState) =>
  failed(state, { cause: 'unreachable', reason: 'The endpoint is silent.', of: 'run' }, now);
