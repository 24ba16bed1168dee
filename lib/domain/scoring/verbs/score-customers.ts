import type { AuditEvent } from '@/lib/domain/audit/ports';
import { auditEvent } from '@/lib/domain/audit/record';
import type { TenantContext } from '@/lib/domain/context';
import type { ModelVersion } from '@/lib/domain/models/ports';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { askInPace } from '../ask-in-pace';
import { ModelFailure } from '../ask-model';
import { followActive } from '../follow-active';
import { limits } from '../limits';
import type { FeatureRow, Lease, ScoringRun, Written } from '../ports';
import { requireTestedModel } from '../served-model';
import { failed, later, scored } from '../transitions';

/** The result of a call of `scoreCustomers`. */
export type ScoringOutcome =
  /** No model is active: readers see default scores. */
  | 'default'
  /** Every customer has the active version's score of the newest features, or there are no customers. */
  | 'current'
  /** The circuit is open: the next health check decides. */
  | 'circuit open'
  /** Another job holds the lease. */
  | 'elsewhere'
  | 'scored'
  /** The job's turn is over: call again when others have had theirs, to continue the run. */
  | 'paused'
  | 'failed';

/** How often a superseded run is followed by a new one before the job goes back to the queue. */
const restarts = 5;

/**
 * Scores every customer with the tenant's active model, batch by batch, where that is not yet done. An interrupted run continues
 * where it stopped; a run whose features or version are no longer the newest gives way to another. Readers see a run once it is
 * complete. If the model fails, the run ends with a recorded reason, and readers see default scores.
 */
export const scoreCustomers = tenantVerb('scores.refresh', nothing, async (ctx): Promise<ScoringOutcome> => {
  for (let round = 0; round < restarts; round += 1) {
    const outcome = await scoreOnce(ctx);
    if (outcome !== 'superseded') return outcome;
  }
  await ctx.ports.jobs.send({ kind: 'scores.refresh' }, { delaySeconds: 5 });
  return 'elsewhere';
});

async function scoreOnce(ctx: TenantContext): Promise<ScoringOutcome | 'superseded'> {
  const model = await ctx.ports.models.active();
  const state = await followActive(ctx, model);
  if (!model) return 'default';
  const open = await openRun(ctx, model, state.breaker.openedAt !== null);
  if (open === 'current') await compareIfMissing(ctx);
  if (open === 'circuit open' || open === 'current') return open;
  const lease: Lease = { run: open.run, holder: ctx.requestId };
  const at = ctx.now();
  const run = await ctx.ports.scoringRuns.claim(lease, { at, staleBefore: later(at, -limits.leaseMs) });
  if (!run) return 'elsewhere';
  return work(ctx, model, run, lease);
}

/** While the circuit is open, only a run opened by a person or a health check is tried. */
async function openRun(
  { ports, now }: TenantContext,
  { version }: ModelVersion,
  circuitIsOpen: boolean,
): Promise<ScoringRun | 'circuit open' | 'current'> {
  if (circuitIsOpen) {
    const { latest } = await ports.scoring.read();
    const isOpen = latest?.state === 'waiting' || latest?.state === 'running';
    if (!isOpen || latest.version !== version) return 'circuit open';
  }
  const run = await ports.scoringRuns.open({ version, askedBy: null, force: false, at: now() });
  return run ?? 'current';
}

async function work(
  ctx: TenantContext,
  model: ModelVersion,
  run: ScoringRun,
  lease: Lease,
): Promise<ScoringOutcome | 'superseded'> {
  try {
    await requireTestedModel(ctx, model);
    const written = await storeBatches(ctx, model, run, lease);
    if (written === 'paused') return written;
    if (written !== 'written') return gaveWay(ctx, run, written);
    // Verifies that no other model responded in between: readers must not see a run with scores of two models.
    await requireTestedModel(ctx, model);
  } catch (error) {
    if (!(error instanceof ModelFailure)) throw error;
    return giveUp(ctx, run, lease, error);
  }
  const at = ctx.now();
  const written = await ctx.ports.scoringRuns.complete(
    lease,
    at,
    (state) => scored(state, run, at),
    endOf(ctx, run, { result: 'done', detail: { version: run.version, customers: run.rowsTotal } }),
  );
  if (written !== 'written') return gaveWay(ctx, run, written);
  ctx.log.info({ run: run.run, version: run.version, rows: run.rowsTotal }, 'customers scored by the model');
  await compare(ctx);
  return 'scored';
}

const compare = (ctx: TenantContext): Promise<void> => ctx.ports.jobs.send({ kind: 'scores.compare' });

/** Requests the comparison that is missing because a worker died right after its last write. */
async function compareIfMissing(ctx: TenantContext): Promise<void> {
  const { scoring, scoreComparisons } = ctx.ports;
  const [{ state }, comparison] = await Promise.all([scoring.read(), scoreComparisons.newest()]);
  if (state.shownRun !== null && comparison?.run !== state.shownRun) await compare(ctx);
}

/** Stores scores while the model computes the next ones, in order of customer. */
async function storeBatches(
  ctx: TenantContext,
  model: ModelVersion,
  run: ScoringRun,
  lease: Lease,
): Promise<Written | 'paused'> {
  const { scoringRuns } = ctx.ports;
  let after = run.lastCustomer;
  const endsAt = later(ctx.now(), limits.turnMs);
  let isOver = false;
  let isMine = true;
  let stored: Promise<Written> = Promise.resolve('written');
  // Renews the lease: nothing is stored while the job looks for a smaller request size.
  const slowed = async () => {
    const at = ctx.now();
    isMine = (await scoringRuns.claim(lease, { at, staleBefore: later(at, -limits.leaseMs) })) !== null;
    return isMine;
  };
  const enough = () => {
    isOver ||= ctx.now() >= endsAt;
    return isOver;
  };
  const pages = customersBehind(ctx, after);
  const asked = askInPace(ctx, model, `score-${run.run}`, pages, { slowed, enough });
  for await (const { rows, probabilities } of asked) {
    const written = await stored;
    if (written !== 'written') return written;
    stored = scoringRuns.store(lease, { after, rows, probabilities, at: ctx.now() });
    // Avoids an unhandled rejection: nobody awaits this when the model fails meanwhile.
    stored.catch(() => {});
    after = rows.at(-1)?.customerId ?? after;
  }
  const written = await stored;
  if (!isMine) return 'lost';
  return written === 'written' && isOver ? 'paused' : written;
}

/** Pages of customers; each is read while the model scores the previous one. */
async function* customersBehind(
  { ports }: TenantContext,
  after: string | null,
): AsyncGenerator<readonly FeatureRow[]> {
  const read = (from: string | null) => {
    const page = ports.scoringRuns.rows(from, limits.batchRows);
    page.catch(() => {});
    return page;
  };
  let next: Promise<readonly FeatureRow[]> | null = read(after);
  while (next) {
    const rows: readonly FeatureRow[] = await next;
    next = rows.length < limits.batchRows ? null : read(rows.at(-1)?.customerId ?? null);
    yield rows;
  }
}

function gaveWay(ctx: TenantContext, { run }: ScoringRun, how: 'lost' | 'superseded') {
  ctx.log.info({ run, how }, 'scoring run superseded');
  return how === 'lost' ? 'elsewhere' : 'superseded';
}

/** The audit event of a run that ends now. */
const endOf = (ctx: TenantContext, { run }: ScoringRun, how: Pick<AuditEvent, 'result' | 'detail'>) =>
  auditEvent(ctx, { action: 'scores.refresh', subject: `scores/run-${run}`, key: run, ...how });

async function giveUp(
  ctx: TenantContext,
  run: ScoringRun,
  lease: Lease,
  failure: ModelFailure,
): Promise<ScoringOutcome> {
  const at = ctx.now();
  const reason = failure.message;
  const written = await ctx.ports.scoringRuns.fail(
    lease,
    { reason, at },
    (state) => failed(state, { cause: failure.failureCause, reason, of: 'run' }, at),
    endOf(ctx, run, { result: 'failed', detail: { version: run.version, reason } }),
  );
  if (written !== 'written') return 'elsewhere';
  ctx.log.warn(
    { run: lease.run, cause: failure.failureCause, reason },
    'scoring run failed; showing scores from the built-in model',
  );
  return 'failed';
}
