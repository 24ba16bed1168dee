import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { Lease, ScoringRun, ScoringRuns, ScoringState, Written } from '@/lib/domain/scoring/ports';
import { countScores } from '../churn/score-statements';
import { appendAudit } from '../core/audit-log';
import { withTenant } from '../core/tenant-scope';
import type { Transaction } from '../core/transaction';
import { featureRows, storeBatch } from './model-score-batches';
import { asWritten, undone } from './scoring-outcome';
import { lockState, openStates, runOf, runTable, saveState, stateOf } from './scoring-rows';

/** Counting and removing a million scores takes a while. */
const longMs = 5 * 60_000;
/** How many ended runs stay on record. */
const keptRuns = 50;

type Change = (state: ScoringState) => ScoringState;

/** The scoring runs of `tenantId`'s own model. */
export function scoringRuns(tenantId: string): ScoringRuns {
  return {
    open: ({ audit, ...request }) =>
      withTenant(tenantId, async (tx) => {
        const run = await open(tx, tenantId, request);
        if (run && audit) await appendAudit(tx, tenantId, audit(run));
        return run;
      }),
    claim: (lease, times) => withTenant(tenantId, (tx) => claim(tx, tenantId, lease, times)),
    rows: (after, limit) => featureRows(tenantId, after, limit),
    store: (lease, batch) => storeBatch(tenantId, lease, batch),
    complete: (lease, at, change, audit) =>
      asWritten(async () => {
        await index(tenantId, lease);
        return withTenant(tenantId, (tx) => complete(tx, tenantId, lease, at, change, audit), {
          timeoutMs: longMs,
        });
      }),
    fail: (lease, failure, change, audit) =>
      withTenant(tenantId, (tx) => fail(tx, tenantId, lease, failure, change, audit)),
    supersede: (at) => withTenant(tenantId, (tx) => supersede(tx, tenantId, at)),
    finishIndexes: (run) => finishIndexes(tenantId, run),
    tidy: (before) => withTenant(tenantId, (tx) => tidy(tx, tenantId, before), { timeoutMs: longMs }),
  };
}

const runRow = (tx: Transaction, tenantId: string, run: number) =>
  tx.scoringRun.findUnique({ where: { tenantId_run: { tenantId, run: BigInt(run) } } });

async function open(
  tx: Transaction,
  tenantId: string,
  { version, askedBy, force, at }: Parameters<ScoringRuns['open']>[0],
): Promise<ScoringRun | null> {
  const state = await lockState(tx, tenantId, at);
  const history = await tx.history.findUnique({ where: { tenantId } });
  const revision = history?.scoredRevision;
  if (!history || revision === null || revision === undefined || history.featured === 0n) return null;
  const found = await tx.scoringRun.findFirst({ where: { tenantId, state: { in: [...openStates] } } });
  if (found && found.version === version && found.revision === revision) return runOf(found);
  await supersede(tx, tenantId, at);
  const shown = state.shownRun === null ? null : await runRow(tx, tenantId, state.shownRun);
  if (!force && shown?.version === version && shown.revision === revision) return null;
  const made = await tx.scoringRun.create({
    data: { tenantId, version, revision, askedBy, askedAt: at, touchedAt: at, rowsTotal: history.featured },
  });
  await tx.scoring.update({ where: { tenantId }, data: { latestRun: made.run } });
  await tx.$executeRaw`SELECT crm.open_model_run(${made.run})`;
  return runOf(made);
}

async function supersede(tx: Transaction, tenantId: string, at: Date): Promise<void> {
  await tx.scoringRun.updateMany({
    where: { tenantId, state: { in: [...openStates] } },
    data: { state: 'superseded', finishedAt: at },
  });
}

async function claim(
  tx: Transaction,
  tenantId: string,
  { run, holder }: Lease,
  { at, staleBefore }: Parameters<ScoringRuns['claim']>[1],
): Promise<ScoringRun | null> {
  await withoutWaiting(tx);
  const where = { tenantId, run: BigInt(run) };
  const { count } = await tx.scoringRun.updateMany({
    where: {
      ...where,
      OR: [
        { state: 'waiting' },
        { state: 'running', holder },
        { state: 'running', touchedAt: { lte: staleBefore } },
      ],
    },
    data: { state: 'running', holder, touchedAt: at },
  });
  if (count === 0) return null;
  await tx.scoringRun.updateMany({ where: { ...where, startedAt: null }, data: { startedAt: at } });
  const row = await runRow(tx, tenantId, run);
  return row && runOf(row);
}

interface Counts {
  readonly histogram: number[];
  readonly low: number;
  readonly medium: number;
  readonly high: number;
}

/** Runs before the state is locked, because it may take seconds. Does nothing when the index exists. */
async function index(tenantId: string, lease: Lease): Promise<void> {
  const build = async (tx: Transaction, name: string) => {
    await withoutWaiting(tx);
    if (!(await leasedRun(tx, tenantId, lease))) undone('lost');
    await buildIndex(tx, lease.run, name);
  };
  await Promise.all(
    ['customer', 'risk'].map((name) => withTenant(tenantId, (tx) => build(tx, name), { timeoutMs: longMs })),
  );
}

async function finishIndexes(tenantId: string, run: number): Promise<void> {
  await Promise.all(
    ['recency', 'spend', 'days', 'value', 'orders'].map((name) =>
      withTenant(tenantId, (tx) => buildIndex(tx, run, name), { timeoutMs: longMs }),
    ),
  );
  await withTenant(tenantId, (tx) => tx.$executeRaw`SELECT crm.analyse_model_run(${BigInt(run)})`, {
    timeoutMs: longMs,
  });
}

const buildIndex = (tx: Transaction, run: number, name: string) =>
  tx.$executeRaw`SELECT crm.index_model_run(${BigInt(run)}, ${name})`;

/** Work that a database crash loses is repeated. The end of a run waits for the disk, and so for all work before it. */
const withoutWaiting = (tx: Transaction) => tx.$executeRaw`SET LOCAL synchronous_commit = off`;

async function complete(
  tx: Transaction,
  tenantId: string,
  lease: Lease,
  at: Date,
  change: Change,
  audit: AuditEvent | undefined,
): Promise<Written> {
  if (!(await leasedRun(tx, tenantId, lease))) return 'lost';
  // Before the lock, because it may take seconds. A superseded run loses its indexes with its table.
  await tx.$executeRaw`SELECT crm.seal_model_run(${lease.run})`;
  const state = await lockState(tx, tenantId);
  const row = await leasedRun(tx, tenantId, lease);
  if (!row) return undone('lost');
  const history = await tx.history.findUnique({ where: { tenantId } });
  if (row.version !== state.version || row.revision !== history?.scoredRevision) return 'superseded';
  const scores = runTable(tenantId, lease.run);
  const [counts] = await tx.$queryRawUnsafe<Counts[]>(countScores(scores), tenantId);
  const counted = counts ? counts.low + counts.medium + counts.high : 0;
  if (!counts || BigInt(counted) !== row.rowsDone) {
    throw new Error(`Run ${row.run} says ${row.rowsDone} rows and has ${counted}.`);
  }
  await tx.$executeRaw`SELECT crm.seal_model_run(${row.run})`;
  await tx.scoringRun.update({
    where: { tenantId_run: { tenantId, run: row.run } },
    data: {
      state: 'done',
      finishedAt: at,
      touchedAt: at,
      rowsTotal: row.rowsDone,
      histogram: counts.histogram,
      bandLow: counts.low,
      bandMedium: counts.medium,
      bandHigh: counts.high,
    },
  });
  await saveState(tx, tenantId, change(state));
  if (audit) await appendAudit(tx, tenantId, audit);
  return 'written';
}

async function fail(
  tx: Transaction,
  tenantId: string,
  lease: Lease,
  { reason, at }: { readonly reason: string; readonly at: Date },
  change: Change,
  audit: AuditEvent | undefined,
): Promise<Written> {
  const state = await lockState(tx, tenantId);
  const row = await leasedRun(tx, tenantId, lease);
  if (!row) return 'lost';
  if (row.version !== state.version) return 'superseded';
  await tx.scoringRun.update({
    where: { tenantId_run: { tenantId, run: row.run } },
    data: { state: 'failed', failure: reason, finishedAt: at, touchedAt: at },
  });
  await saveState(tx, tenantId, change(state));
  if (audit) await appendAudit(tx, tenantId, audit);
  return 'written';
}

/** Call this while holding the lock on the state. Everything else that ends a run takes that lock too. */
const leasedRun = (tx: Transaction, tenantId: string, { run, holder }: Lease) =>
  tx.scoringRun.findFirst({ where: { tenantId, run: BigInt(run), state: 'running', holder } });

async function tidy(tx: Transaction, tenantId: string, before: Date): Promise<boolean> {
  const { shownRun } = stateOf(await tx.scoring.findUnique({ where: { tenantId } }));
  const over = await tx.scoringRun.findMany({
    where: { tenantId, state: { notIn: [...openStates] }, finishedAt: { lte: before } },
    orderBy: { run: 'desc' },
    select: { run: true, stored: true },
  });
  const unseen = over.filter(({ run }) => Number(run) !== shownRun);
  for (const { run, stored } of unseen) if (stored) await tx.$executeRaw`SELECT crm.drop_model_run(${run})`;
  const runs = unseen.map(({ run }) => run);
  await tx.scoringRun.updateMany({ where: { tenantId, run: { in: runs } }, data: { stored: false } });
  await tx.scoringRun.deleteMany({ where: { tenantId, run: { in: runs.slice(keptRuns) } } });
  return (await tx.scoringRun.count({ where: { tenantId, stored: true } })) > 0;
}
