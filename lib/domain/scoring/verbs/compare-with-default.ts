import { churnProbability } from '@/lib/domain/churn/bg-nbd';
import { fitHistories } from '@/lib/domain/churn/bg-nbd-fit';
import { gatherHistories, type HistoryTable } from '@/lib/domain/churn/history-table';
import type { TenantContext } from '@/lib/domain/context';
import type { ModelVersion } from '@/lib/domain/models/ports';
import { horizonDays } from '@/lib/domain/time';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { areaUnderCurve, brierScore, jointTenths, quantiles, rankAgreement } from '../agreement';
import { askInPace } from '../ask-in-pace';
import { ModelFailure } from '../ask-model';
import { limits } from '../limits';
import type { Comparison, Measures, Outcome, Past, ScorePair } from '../ports';
import { requireTestedModel } from '../served-model';
import { later } from '../transitions';

const shares = [0.1, 0.25, 0.5, 0.75, 0.9];

/**
 * Compares the shown run with the default: on the same customers now, and on customers as of 90 days before `as_of`, where the
 * outcome is known. Both models score that day anew; the default is fitted only on earlier data. Does nothing when the shown run
 * is already compared. Returns the stored comparison, null when no run is shown.
 */
export const compareWithDefault = tenantVerb(
  'scores.compare',
  nothing,
  async (ctx): Promise<Comparison | null> => {
    const { scoring, scoringRuns, scoreComparisons, models } = ctx.ports;
    const [{ state, shown }, model, kept] = await Promise.all([
      scoring.read(),
      models.active(),
      scoreComparisons.newest(),
    ]);
    if (!shown) return null;
    if (kept?.run === shown.run) return kept;
    await scoringRuns.finishIndexes(shown.run);
    // During a fallback the endpoint gets no further requests; the run that ends the fallback is compared.
    if (state.mode !== 'model' || model?.version !== shown.version) return null;
    const now = await scoreComparisons.pairs(shown.run, limits.sample);
    if (!now) return null;
    const comparison: Comparison = {
      run: shown.run,
      version: shown.version,
      computedAt: ctx.now(),
      customers: now.customers,
      sampled: now.pairs.length,
      ...agreementOf(now.pairs),
      outcome: await outcomeOf(ctx, model, shown.run),
    };
    await scoreComparisons.keep(comparison);
    ctx.log.info({ run: shown.run, customers: now.customers }, 'built-in model and active version compared');
    return comparison;
  },
);

function agreementOf(pairs: readonly ScorePair[]) {
  const ofDefault = pairs.map((pair) => pair.default);
  const ofModel = pairs.map((pair) => pair.model);
  const [left, right] = [quantiles(ofDefault, shares), quantiles(ofModel, shares)];
  return {
    rankAgreement: rankAgreement(ofDefault, ofModel),
    joint: jointTenths(ofDefault, ofModel),
    quantiles:
      pairs.length === 0
        ? []
        : shares.map((share, i) => ({ share, default: left[i] ?? 0, model: right[i] ?? 0 })),
  };
}

async function outcomeOf(ctx: TenantContext, model: ModelVersion, run: number): Promise<Outcome> {
  const past = await ctx.ports.scoreComparisons.past(limits.sample, (groups) => gatherHistories(groups));
  if (!past || past.rows.length === 0) {
    return {
      known: false,
      reason: `No customer had ordered ${horizonDays} days before the last order, so no customer’s 90 days are over.`,
    };
  }
  try {
    await requireTestedModel(ctx, model);
    return measured(past, await inTurn(ctx, model, run, past));
  } catch (error) {
    if (!(error instanceof ModelFailure)) throw error;
    ctx.log.warn({ reason: error.message }, 'the model could not be measured on past data');
    return { known: false, reason: `The model could not score the past data. ${error.message}` };
  }
}

/**
 * The model's probabilities for as many rows as it scores within the turn. The rows are a random sample in random order, and so
 * is every prefix.
 */
async function inTurn(
  ctx: TenantContext,
  model: ModelVersion,
  run: number,
  { rows }: Past<unknown>,
): Promise<number[]> {
  const endsAt = later(ctx.now(), limits.turnMs);
  const enough = () => ctx.now() >= endsAt;
  const all: number[] = [];
  const asked = askInPace(ctx, model, `compare-${run}`, [rows], { enough });
  for await (const { probabilities } of asked) all.push(...probabilities);
  return all;
}

function measured(
  { asOf, until, customers, histories, rows: all }: Past<HistoryTable>,
  ofModel: readonly number[],
): Outcome {
  const rows = all.slice(0, ofModel.length);
  const fit = fitHistories(histories);
  const churned = rows.map(({ ordered }) => !ordered);
  const count = churned.filter(Boolean).length;
  const rate = count / rows.length;
  return {
    known: true,
    asOf,
    until,
    customers,
    sampled: rows.length,
    churned: count,
    default:
      fit.outcome === 'fitted'
        ? measure(
            rows.map((row) => churnProbability(fit.parameters, row, horizonDays)),
            churned,
          )
        : null,
    reason: fit.outcome === 'fitted' ? null : fit.message,
    model: measure(ofModel, churned),
    baseline: rate * (1 - rate),
  };
}

function measure(probabilities: readonly number[], churned: readonly boolean[]): Measures {
  return {
    auc: areaUnderCurve(probabilities, churned),
    brier: brierScore(probabilities, churned),
    mean: probabilities.reduce((sum, value) => sum + value, 0) / probabilities.length,
  };
}
