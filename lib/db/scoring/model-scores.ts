import type {
  Held,
  ModelScores,
  Scoring,
  ScoringRun,
  ScoringState,
  Written,
} from '@/lib/domain/scoring/ports';
import { countScores } from '../churn/score-statements';
import { withTenant } from '../core/tenant-scope';
import type { Transaction } from '../core/transaction';
import { featureRows, storeBatch } from './model-score-batches';
import { comparison, keepComparison, pairs, past } from './score-comparison';
import { asWritten, undone } from './scoring-outcome';
import { lockState, openStates, runOf, runTable, saveState, stateOf } from './scoring-rows';

/** Counting and removing a million scores takes a while. */
const longMs = 5 * 60_000;
/** Runs that stay on record. */
const keptRuns = 50;

type Change = (state: ScoringState) => ScoringState;

/** The scores of `tenantId`'s own model, run by run. */
export function modelScores(tenantId: string): ModelScores {
  return {
    scoring: () => withTenant(tenantId, (tx) => readScoring(tx, tenantId)),
    change: (change) =>
      withTenant(tenantId, async (tx) => {
        const before = await lockState(tx, tenantId);
        const after = change(before);
        if (after) await saveState(tx, tenantId, after);
        return after ?? before;
      }),
    openRun: (request) => withTenant(tenantId, (tx) => openRun(tx, tenantId, request)),
    claim: (held, times) => withTenant(tenantId, (tx) => claim(tx, tenantId, held, times)),
    rows: (after, limit) => featureRows(tenantId, after, limit),
    store: (held, batch) => storeBatch(tenantId, held, batch),
    complete: (held, at, change) =>
      asWritten(async () => {
        await index(tenantId, held);
        return withTenant(tenantId, (tx) => complete(tx, tenantId, held, at, change), { timeoutMs: longMs });
      }),
    fail: (held, failure, change) => withTenant(tenantId, (tx) => fail(tx, tenantId, held, failure, change)),
    supersede: (at) => withTenant(tenantId, (tx) => supersede(tx, tenantId, at)),
    tidy: (before) => withTenant(tenantId, (tx) => tidy(tx, tenantId, before), { timeoutMs: longMs }),
    settle: (run) => settle(tenantId, run),
    pairs: (run, limit) => pairs(tenantId, run, limit),
    past: (limit, fit) => past(tenantId, limit, fit),
    comparison: () => comparison(tenantId),
    keepComparison: (made) => keepComparison(tenantId, made),
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

const runRow = (tx: Transaction, tenantId: string, run: number) =>
  tx.scoringRun.findUnique({ where: { tenantId_run: { tenantId, run: BigInt(run) } } });

async function openRun(
  tx: Transaction,
  tenantId: string,
  { version, askedBy, even, at }: Parameters<ModelScores['openRun']>[0],
): Promise<ScoringRun | null> {
  const state = await lockState(tx, tenantId, at);
  const history = await tx.history.findUnique({ where: { tenantId } });
  const revision = history?.scoredRevision;
  if (!history || revision === null || revision === undefined || history.featured === 0n) return null;
  const open = await tx.scoringRun.findFirst({ where: { tenantId, state: { in: [...openStates] } } });
  if (open && open.version === version && open.revision === revision) return runOf(open);
  await supersede(tx, tenantId, at);
  const shown = state.shownRun === null ? null : await runRow(tx, tenantId, state.shownRun);
  if (!even && shown?.version === version && shown.revision === revision) return null;
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
  { run, holder }: Held,
  { at, staleBefore }: Parameters<ModelScores['claim']>[1],
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

/** Before the state is locked: it may take seconds. Building what is there already does nothing. */
async function index(tenantId: string, held: Held): Promise<void> {
  const build = async (tx: Transaction, name: string) => {
    await withoutWaiting(tx);
    if (!(await heldRun(tx, tenantId, held))) undone('lost');
    await buildIndex(tx, held.run, name);
  };
  await Promise.all(
    ['customer', 'risk'].map((name) => withTenant(tenantId, (tx) => build(tx, name), { timeoutMs: longMs })),
  );
}

async function settle(tenantId: string, run: number): Promise<void> {
  await Promise.all(
    ['recency', 'spend'].map((name) =>
      withTenant(tenantId, (tx) => buildIndex(tx, run, name), { timeoutMs: longMs }),
    ),
  );
  await withTenant(tenantId, (tx) => tx.$executeRaw`SELECT crm.analyse_model_run(${BigInt(run)})`, {
    timeoutMs: longMs,
  });
}

const buildIndex = (tx: Transaction, run: number, name: string) =>
  tx.$executeRaw`SELECT crm.index_model_run(${BigInt(run)}, ${name})`;

/** What a crash of the database takes with it is done again; the end of a run is written through, and all before it. */
const withoutWaiting = (tx: Transaction) => tx.$executeRaw`SET LOCAL synchronous_commit = off`;

async function complete(
  tx: Transaction,
  tenantId: string,
  held: Held,
  at: Date,
  change: Change,
): Promise<Written> {
  if (!(await heldRun(tx, tenantId, held))) return 'lost';
  // Before the lock: it may take seconds, and a run that has to give way takes its indexes with it.
  await tx.$executeRaw`SELECT crm.seal_model_run(${held.run})`;
  const state = await lockState(tx, tenantId);
  const row = await heldRun(tx, tenantId, held);
  if (!row) return undone('lost');
  const history = await tx.history.findUnique({ where: { tenantId } });
  if (row.version !== state.version || row.revision !== history?.scoredRevision) return 'superseded';
  const scores = runTable(tenantId, held.run);
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
  return 'written';
}

async function fail(
  tx: Transaction,
  tenantId: string,
  held: Held,
  { reason, at }: { readonly reason: string; readonly at: Date },
  change: Change,
): Promise<Written> {
  const state = await lockState(tx, tenantId);
  const row = await heldRun(tx, tenantId, held);
  if (!row) return 'lost';
  if (row.version !== state.version) return 'superseded';
  await tx.scoringRun.update({
    where: { tenantId_run: { tenantId, run: row.run } },
    data: { state: 'failed', failure: reason, finishedAt: at, touchedAt: at },
  });
  await saveState(tx, tenantId, change(state));
  return 'written';
}

/** Behind the lock of the state, which every other way to end a run takes, too. */
const heldRun = (tx: Transaction, tenantId: string, { run, holder }: Held) =>
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
