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

/** What a call of `scoreCustomers` came to. */
export type ScoringOutcome =
  /** No model is active: readers see the default's scores. */
  | 'default'
  /** Every customer has the active version's score on the newest features, or there is nobody to score. */
  | 'current'
  /** The circuit is open: the next look at the endpoint decides. */
  | 'circuit open'
  /** Somebody else is at it. */
  | 'elsewhere'
  | 'scored'
  /** Its turn is over: the same caller goes on where it is when others had theirs. */
  | 'paused'
  | 'failed';

/** A run that something newer took the place of is begun anew so often before the queue is asked to come back. */
const restarts = 5;

/**
 * Scores every customer with the tenant's active model, batch by batch, where that is not done yet. A run that was cut off goes on
 * where it was; one whose features or version are no longer the newest gives way to another. Readers see a run when it is
 * whole. What the model gets wrong ends the run, is recorded in words, and turns readers to the default's scores.
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

/** While the circuit is open only a run that a person or a look at the endpoint opened is tried. */
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
    // Nothing else answered in between: of two models in one run nobody is to see the scores.
    await requireTestedModel(ctx, model);
  } catch (error) {
    if (!(error instanceof ModelFailure)) throw error;
    return giveUp(ctx, lease, error);
  }
  const at = ctx.now();
  const written = await ctx.ports.scoringRuns.complete(lease, at, (state) => scored(state, run, at));
  if (written !== 'written') return gaveWay(ctx, run, written);
  ctx.log.info({ run: run.run, version: run.version, rows: run.rowsTotal }, 'customers scored by the model');
  await compare(ctx);
  return 'scored';
}

const compare = (ctx: TenantContext): Promise<void> => ctx.ports.jobs.send({ kind: 'scores.compare' });

/** A worker that died right behind its last write left the comparison out. */
async function compareIfMissing(ctx: TenantContext): Promise<void> {
  const { scoring, scoreComparisons } = ctx.ports;
  const [{ state }, comparison] = await Promise.all([scoring.read(), scoreComparisons.newest()]);
  if (state.shownRun !== null && comparison?.run !== state.shownRun) await compare(ctx);
}

/** Stores what the model says behind its answering, in the order of the customers. */
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
  // Nothing is stored while a smaller request is found, and yet the run is not left alone.
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
    // Nobody comes to wait for it when the model fails meanwhile.
    stored.catch(() => {});
    after = rows.at(-1)?.customerId ?? after;
  }
  const written = await stored;
  if (!isMine) return 'lost';
  return written === 'written' && isOver ? 'paused' : written;
}

/** Pages of customers, each read while the one before is asked about. */
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

async function giveUp(ctx: TenantContext, lease: Lease, failure: ModelFailure): Promise<ScoringOutcome> {
  const at = ctx.now();
  const reason = failure.message;
  const written = await ctx.ports.scoringRuns.fail(lease, { reason, at }, (state) =>
    failed(state, { cause: failure.failureCause, reason, of: 'run' }, at),
  );
  if (written !== 'written') return 'elsewhere';
  ctx.log.warn(
    { run: lease.run, cause: failure.failureCause, reason },
    'scoring run failed; showing scores from the built-in model',
  );
  return 'failed';
}
