import { describe, expect, it } from 'vitest';
import { churnProbability } from '@/lib/domain/churn/bg-nbd';
import { seededRandom, simulateCustomer } from '@/lib/domain/churn/fixtures/simulate';
import type { HistoryGroup } from '@/lib/domain/churn/ports';
import { answering, honest, lineOf } from '@/lib/domain/testing/scored-model';
import { ScoringWorld } from '@/lib/domain/testing/scoring-world';
import { areaUnderCurve } from '../agreement';
import type { PastRow } from '../ports';
import { compareWithDefault } from './compare-with-default';
import { getComparison } from './get-comparison';
import { scoreCustomers } from './score-customers';

const truth = { r: 0.5, alpha: 40, a: 0.6, b: 2.5 };

/** Past customers simulated by BG/NBD. The first feature is the probability from a model that knows everything. */
function simulatedPast(count: number): readonly PastRow[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, () => {
    const one = simulateCustomer(truth, 300, 90, random);
    const history = {
      repeats: one.repeats,
      recency: Math.max(one.repeats, Math.ceil(one.recency)),
      age: 300,
    };
    return {
      ...history,
      features: lineOf({ recencyDays: churnProbability(truth, history, 90) }),
      ordered: one.ordersAgain,
    };
  });
}

async function world(past: readonly PastRow[] = []): Promise<ScoringWorld> {
  const made = new ScoringWorld(40);
  await scoreCustomers(made.as('system'), undefined);
  made.pastRows = past;
  made.pastGroups = past.map(
    ({ repeats, recency, age }): HistoryGroup => ({
      repeats,
      recencyDays: recency,
      ageDays: age,
      customers: 1,
    }),
  );
  return made;
}

describe('comparing default and model', () => {
  it('says how far they agree on the same customers', async () => {
    const made = await world();
    const kept = await compareWithDefault(made.as('system'), undefined);
    // The fake's default is the opposite of the model.
    expect(kept).toMatchObject({ run: 1, version: 1, customers: 40, sampled: 40 });
    expect(kept?.rankAgreement).toBeCloseTo(-1, 9);
    expect(kept?.joint.flat().reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(kept?.quantiles.map(({ share }) => share)).toEqual([0.1, 0.25, 0.5, 0.75, 0.9]);
    for (const { default: d, model } of [kept?.quantiles[2] ?? { default: 0, model: 1 }]) {
      expect(d + model).toBeCloseTo(1, 9);
    }
  });

  it('measures both against what happened', async () => {
    const past = simulatedPast(3000);
    const made = await world(past);
    made.behaviour = (rows) => answering(rows.map(([known = 0]) => known));
    const kept = await compareWithDefault(made.as('system'), undefined);
    if (!kept?.outcome.known || !kept.outcome.default) throw new Error('not measured');
    const { model, default: ofDefault, churned, sampled, baseline } = kept.outcome;
    expect(sampled).toBe(3000);
    expect(made.asked.at(-1)?.inferenceId).toMatch(/^annex-compare-1-/);
    expect(churned).toBe(past.filter(({ ordered }) => !ordered).length);
    const known = areaUnderCurve(
      past.map(({ features }) => Number.parseFloat(features)),
      past.map(({ ordered }) => !ordered),
    );
    expect(model.auc).toBeCloseTo(known ?? 0, 9);
    // The default recovers the process that produced the data.
    expect(Math.abs((ofDefault.auc ?? 0) - (model.auc ?? 0))).toBeLessThan(0.02);
    expect(ofDefault.brier).toBeLessThan(baseline);
  });

  it('measures on as many as a slow model answers in its turn, both on the same', async () => {
    const past = simulatedPast(3000);
    const made = await world(past);
    made.behaviour = (rows) => {
      made.clock += 30_000;
      return answering(rows.map(([known = 0]) => known));
    };
    const kept = await compareWithDefault(made.as('system'), undefined);
    if (!kept?.outcome.known) throw new Error('not measured');
    const { sampled, churned, model, customers } = kept.outcome;
    expect(sampled).toBeLessThan(3000);
    expect(customers).toBe(3000);
    const first = past.slice(0, sampled);
    expect(churned).toBe(first.filter(({ ordered }) => !ordered).length);
    const known = areaUnderCurve(
      first.map(({ features }) => Number.parseFloat(features)),
      first.map(({ ordered }) => !ordered),
    );
    expect(model.auc).toBeCloseTo(known ?? 0, 9);
  });

  it('says that nobody’s 90 days are over', async () => {
    const made = await world();
    const kept = await compareWithDefault(made.as('system'), undefined);
    expect(kept?.outcome).toMatchObject({
      known: false,
      reason: expect.stringContaining('No customer had ordered'),
    });
  });

  it('says what the model answered about the past, and keeps the rest', async () => {
    const made = await world(simulatedPast(200));
    made.behaviour = (rows) => answering(rows.slice(2).map(honest));
    const kept = await compareWithDefault(made.as('system'), undefined);
    expect(kept?.outcome).toMatchObject({
      known: false,
      reason: expect.stringContaining('103 answers for 105'),
    });
    expect(kept?.rankAgreement).toBeCloseTo(-1, 9);
    expect(made.state.mode).toBe('model');
  });

  it('measures the model where the default could not be fitted', async () => {
    const made = await world(simulatedPast(12));
    const kept = await compareWithDefault(made.as('system'), undefined);
    expect(kept?.outcome).toMatchObject({
      known: true,
      default: null,
      reason: expect.any(String),
      model: { brier: expect.any(Number) },
    });
  });

  it('asks once a run, and not while the default is shown', async () => {
    const made = await world(simulatedPast(100));
    await compareWithDefault(made.as('system'), undefined);
    const asked = made.asked.length;
    await compareWithDefault(made.as('system', 'again'), undefined);
    expect(made.asked).toHaveLength(asked);
    made.kept = null;
    made.state = { ...made.state, mode: 'fallback', reason: 'silence' };
    made.indexed.clear();
    expect(await compareWithDefault(made.as('system'), undefined)).toBeNull();
    expect(made.asked).toHaveLength(asked);
    // Sooner or later readers see the run again.
    expect([...made.indexed]).toEqual([1]);
  });

  it('is shown with the remark that another run came after it', async () => {
    const made = await world();
    const view = () => getComparison(made.as('scientist'), undefined);
    expect(await view()).toEqual({ active: 1, comparison: null, outdated: false });
    await compareWithDefault(made.as('system'), undefined);
    expect(await view()).toMatchObject({ outdated: false, comparison: { run: 1 } });
    made.active = null;
    expect(await view()).toMatchObject({ outdated: true });
  });
});
