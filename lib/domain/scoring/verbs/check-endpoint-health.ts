import { auditEvent } from '@/lib/domain/audit/record';
import { sampleRow } from '@/lib/domain/churn/feature-rows';
import type { TenantContext } from '@/lib/domain/context';
import type { ModelVersion } from '@/lib/domain/models/ports';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { askModel, ModelFailure, patienceForHealthCheck } from '../ask-model';
import { followActive } from '../follow-active';
import { limits } from '../limits';
import type { Scoring, ScoringState } from '../ports';
import { requireTestedModel } from '../served-model';
import { answered, failed, later, taken } from '../transitions';

/** The result of a health check. */
export type HealthOutcome = 'not due' | 'no model' | 'busy' | 'answers' | 'fails';

/** A typical customer: a health check needs a response, whatever its value. */
const somebody = sampleRow('ordinary').join(',');

/**
 * The health check of the active model's endpoint, with one row, if it is due. Opens the circuit after too many failures in a
 * row, and closes it when the endpoint responds again. Also resumes a stalled scoring run and removes scores that nobody sees any
 * more.
 */
export const checkEndpointHealth = tenantVerb('scores.look', nothing, async (ctx): Promise<HealthOutcome> => {
  let mine = false;
  await ctx.ports.scoring.change((state) => {
    const next = taken(state, ctx.now());
    mine = next !== null;
    return next;
  });
  if (!mine) return 'not due';
  const left = await ctx.ports.scoringRuns.tidy(later(ctx.now(), -limits.tidyMs));
  const model = await ctx.ports.models.active();
  await followActive(ctx, model);
  if (!model) {
    if (!left)
      await ctx.ports.scoring.change((state) =>
        state.version === null ? { ...state, nextHealthCheckAt: null } : null,
      );
    return 'no model';
  }
  const scoring = await ctx.ports.scoring.read();
  if (await isUnderWay(ctx, scoring)) return 'busy';
  if (hasJustAnswered(scoring, model, ctx.now())) return 'answers';
  return look(ctx, model);
});

/**
 * Whether a scoring run is under way, whose batches say more than a health check would. Sends a job for a run without a recent
 * sign of life.
 */
async function isUnderWay(ctx: TenantContext, { latest }: Scoring): Promise<boolean> {
  if (latest?.state !== 'waiting' && latest?.state !== 'running') return false;
  const patience = latest.state === 'waiting' ? limits.healthyMs : limits.leaseMs;
  if (latest.touchedAt <= later(ctx.now(), -patience)) {
    ctx.log.warn({ run: latest.run, touchedAt: latest.touchedAt }, 'resuming a stalled scoring run');
    await refresh(ctx);
  }
  return true;
}

/**
 * Whether a run has just completed, which says more than a health check would. Skipping the check also keeps the tenant's data
 * capture free of needless rows.
 */
function hasJustAnswered({ state, latest }: Scoring, { version }: ModelVersion, now: Date): boolean {
  return (
    latest?.state === 'done' &&
    latest.version === version &&
    latest.touchedAt > later(now, -limits.healthyMs) &&
    state.breaker.openedAt === null &&
    state.breaker.failures === 0
  );
}

async function look(ctx: TenantContext, model: ModelVersion): Promise<HealthOutcome> {
  const before = await ctx.ports.scoring.read();
  try {
    await requireTestedModel(ctx, model);
    await askModel(ctx, model, [somebody], 'look', patienceForHealthCheck);
  } catch (error) {
    if (!(error instanceof ModelFailure)) throw error;
    await record(ctx, model, before, (state) =>
      failed(state, { cause: error.failureCause, reason: error.message, of: 'look' }, ctx.now()),
    );
    return 'fails';
  }
  await record(ctx, model, before, (state) => answered(state, before.shown, ctx.now()));
  // After an outage another endpoint may have the same name, so a new scoring run is requested.
  const force = before.state.breaker.openedAt !== null;
  const at = ctx.now();
  const run = await ctx.ports.scoringRuns.open({ version: model.version, askedBy: null, force, at });
  if (run) await refresh(ctx);
  return 'answers';
}

async function record(
  ctx: TenantContext,
  model: ModelVersion,
  before: Scoring,
  change: (state: ScoringState) => ScoringState,
): Promise<void> {
  // The result applies only to this version, and another may have been activated meanwhile.
  const after = await ctx.ports.scoring.change(
    (state) => (state.version === model.version ? change(state) : null),
    (was, is) =>
      was.mode === is.mode
        ? null
        : auditEvent(ctx, {
            action: 'scores.look',
            subject: `model/${model.version}`,
            result: is.mode === 'fallback' ? 'failed' : 'done',
            detail: { version: model.version, reason: is.reason },
            before: { mode: was.mode },
            after: { mode: is.mode },
          }),
  );
  if (after.mode !== before.state.mode) {
    ctx.log.warn({ version: model.version, mode: after.mode, reason: after.reason }, 'score source changed');
  }
  if (after.breaker.failures > 0 && after.nextHealthCheckAt) {
    const seconds = Math.ceil((after.nextHealthCheckAt.getTime() - ctx.now().getTime()) / 1000);
    await ctx.ports.jobs.send({ kind: 'scores.look' }, { delaySeconds: seconds });
  }
}

const refresh = (ctx: TenantContext): Promise<void> => ctx.ports.jobs.send({ kind: 'scores.refresh' });
