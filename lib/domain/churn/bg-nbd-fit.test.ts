import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BgNbdParameters, churnProbability } from './bg-nbd';
import { type BgNbdFit, fitBgNbd, largestUncertainty, minimumCustomers, minimumReturned } from './bg-nbd-fit';
import { bgNbdLogLikelihood, type LogParameters } from './bg-nbd-likelihood';
import { seededRandom, simulateCustomer } from './fixtures/simulate';
import { exactDigits, gatherHistories } from './history-table';
import type { HistoryGroup } from './ports';

const sample: readonly HistoryGroup[] = readFileSync(
  new URL('./fixtures/cdnow-sample.csv', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [repeats = 0, recencyDays = 0, ageDays = 0, customers = 0] = line.split(',').map(Number);
    return { repeats, recencyDays, ageDays, customers };
  });
const group = (repeats: number, recencyDays: number, ageDays: number, customers: number): HistoryGroup => ({
  repeats,
  recencyDays,
  ageDays,
  customers,
});

function fitted(fit: BgNbdFit): Extract<BgNbdFit, { outcome: 'fitted' }> {
  if (fit.outcome !== 'fitted') throw new Error(fit.message);
  return fit;
}

/** Simulated customers with orders counted in days, as in the store. */
function simulated(customers: number, longest: number): HistoryGroup[] {
  const random = seededRandom(7);
  return Array.from({ length: customers }, () => {
    const age = 1 + Math.floor(longest * random());
    const { orders } = simulateCustomer({ r: 0.4, alpha: 60, a: 0.5, b: 3 }, age, 90, random);
    const days = new Set(orders.map(Math.ceil));
    return group(days.size, Math.max(0, ...days), age, 1);
  });
}

/** A shop that opened `days` ago, with customers from all of that time, and orders counted in days. */
function youngShop(seed: number, customers: number, days: number, process: BgNbdParameters): HistoryGroup[] {
  const random = seededRandom(seed);
  return Array.from({ length: customers }, () => {
    const age = 1 + Math.floor(days * random());
    const { orders } = simulateCustomer(process, age, 90, random);
    const orderDays = new Set(orders.map(Math.ceil));
    return group(orderDays.size, Math.max(0, ...orderDays), age, 1);
  });
}

describe('fitBgNbd', () => {
  it('reproduces the published parameters and log-likelihood to their printed digits', async () => {
    const fit = fitted(await fitBgNbd([sample]));
    expect(fit.customers).toBe(2357);
    const { r, alpha, a, b } = fit.parameters;
    expect(r.toFixed(3)).toBe('0.243');
    expect((alpha / 7).toFixed(3)).toBe('4.414');
    expect(a.toFixed(3)).toBe('0.793');
    expect(b.toFixed(3)).toBe('2.426');
    // The density of x order times differs by 7^x between days and the paper's weeks.
    const repeats = sample.reduce((sum, { repeats: x, customers }) => sum + x * customers, 0);
    expect((fit.logLikelihood + repeats * Math.log(7)).toFixed(1)).toBe('-9582.4');
  });

  it('does not depend on the unit of time, nor on order or grouping', async () => {
    const fit = fitted(await fitBgNbd([sample]));
    const scaled = fitted(
      await fitBgNbd([
        sample.map((g) => ({ ...g, recencyDays: g.recencyDays * 24, ageDays: g.ageDays * 24 })),
      ]),
    );
    expect(scaled.parameters.alpha / 24).toBeCloseTo(fit.parameters.alpha, 5);
    expect(scaled.parameters.b).toBeCloseTo(fit.parameters.b, 5);
    const split = sample
      .flatMap((g) => Array.from({ length: g.customers }, () => ({ ...g, customers: 1 })))
      .reverse();
    const ungrouped = fitted(await fitBgNbd([split]));
    expect(ungrouped.parameters.b).toBeCloseTo(fit.parameters.b, 6);
    expect(ungrouped.logLikelihood).toBeCloseTo(fit.logLikelihood, 6);
  });

  it('says what is missing instead of fitting too little data', async () => {
    const reason = async (...groups: HistoryGroup[]) => {
      const fit = await fitBgNbd([groups]);
      return fit.outcome === 'unfitted' ? fit.reason : fit.outcome;
    };
    expect(await reason()).toBe('no_customers');
    expect(await reason(group(2, 10, 20, minimumCustomers - 1))).toBe('too_few_customers');
    expect(await reason(group(0, 0, 20, 500), group(0, 0, 0, 4))).toBe('no_repeat_orders');
    const nobodyTwice = [group(0, 0, 2, 39), group(1, 1, 2, 1)];
    expect(await reason(...nobodyTwice)).toBe('not_identified');
    expect(await reason(group(0, 0, 1, 39), group(2, 2, 2, 1))).toBe('not_identified');
  });

  it.each([
    ['all alike', [group(5, 90, 100, 200)]],
    ['nobody leaves', [group(10, 299, 300, 100)]],
    ['nearly all leave', [group(1, 1, 300, 100), group(2, 200, 300, 5), group(0, 0, 300, 100)]],
    ['few regular customers', [group(5, 250, 300, minimumReturned), group(0, 0, 300, 95)]],
    ['wholesalers among people', [group(50_000, 100_000, 100_001, minimumReturned), group(0, 0, 5, 50)]],
  ])('keeps to finite parameters and probabilities: %s', async (_, groups) => {
    const { parameters } = fitted(await fitBgNbd([groups]));
    expect(Object.values(parameters).every((value) => Number.isFinite(value) && value > 0)).toBe(true);
    for (const { repeats, recencyDays, ageDays } of groups) {
      const churn = churnProbability(parameters, { repeats, recency: recencyDays, age: ageDays }, 90);
      expect(churn >= 0 && churn <= 1).toBe(true);
    }
  });

  it('converges for any small history', async () => {
    const small = fc.array(
      fc
        .record({
          repeats: fc.nat(6),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          age: fc.integer({ min: 8, max: 800 }),
        })
        .map(({ repeats, share, age }) =>
          group(repeats, repeats === 0 ? 0 : Math.max(repeats, Math.round(share * age)), age, 10),
        ),
      { minLength: 3, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(small, async (groups) => {
        const fit = await fitBgNbd([groups]);
        if (fit.outcome === 'unfitted') expect(['no_repeat_orders', 'not_identified']).toContain(fit.reason);
        else expect(Number.isFinite(fit.logLikelihood)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('recovers the parameters that the customers were simulated with', async () => {
    const { parameters } = fitted(await fitBgNbd([simulated(200_000, 1000)]));
    for (const ratio of [parameters.r / 0.4, parameters.alpha / 60, parameters.a / 0.5, parameters.b / 3]) {
      expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
    }
  });

  it('keeps its memory bounded, and every score within 0.002, when distinct histories are merged', async () => {
    const groups = simulated(60_000, 7300);
    const exact = fitted(await fitBgNbd([groups], { rows: 1_000_000 }));
    const merged = fitted(await fitBgNbd([groups], { rows: 25_000 }));
    expect(exact.digits).toBe(exactDigits);
    expect(exact.rows).toBeGreaterThan(40_000);
    expect(merged.rows).toBeLessThanOrEqual(25_000);
    let worst = 0;
    for (const { repeats, recencyDays, ageDays } of groups) {
      const past = { repeats, recency: recencyDays, age: ageDays };
      const error =
        churnProbability(merged.parameters, past, 90) - churnProbability(exact.parameters, past, 90);
      worst = Math.max(worst, Math.abs(error));
    }
    expect(worst).toBeLessThan(0.002);
  });

  it('refuses impossible histories', async () => {
    for (const wrong of [
      group(1, 0, 5, 1),
      group(0, 1, 5, 1),
      group(2, 6, 5, 1),
      group(1, 1.5, 5, 1),
      group(1, 1, 5, 0),
    ]) {
      await expect(fitBgNbd([[wrong]])).rejects.toThrow(RangeError);
    }
  });
});

describe('a young shop', () => {
  const shop = fc.record({
    seed: fc.integer(),
    customers: fc.integer({ min: 30, max: 300 }),
    days: fc.integer({ min: 2, max: 200 }),
    r: fc.double({ min: 0.05, max: 3, noNaN: true }),
    alpha: fc.double({ min: 2, max: 200, noNaN: true }),
    a: fc.double({ min: 0.05, max: 3, noNaN: true }),
    b: fc.double({ min: 0.2, max: 6, noNaN: true }),
  });

  it('is scored only when those who came back don’t rank above all who never did', async () => {
    await fc.assert(
      fc.asyncProperty(shop, async ({ seed, customers, days, ...process }) => {
        const groups = youngShop(seed, customers, days, process);
        const fit = await fitBgNbd([groups]);
        if (fit.outcome === 'unfitted') {
          expect(['no_repeat_orders', 'not_identified']).toContain(fit.reason);
          return;
        }
        expect(fit.uncertainty).toBeGreaterThan(0);
        expect(fit.uncertainty).toBeLessThanOrEqual(largestUncertainty);
        const risk = (g: HistoryGroup) =>
          churnProbability(
            fit.parameters,
            { repeats: g.repeats, recency: g.recencyDays, age: g.ageDays },
            90,
          );
        const never = groups.filter(({ repeats }) => repeats === 0).map(risk);
        const returned = groups.filter(({ repeats }) => repeats > 0).map(risk);
        const yesterday = groups.filter((g) => g.repeats > 0 && g.ageDays - g.recencyDays <= 1).map(risk);
        if (never.length === 0) return;
        expect(Math.max(0, ...yesterday)).toBeLessThanOrEqual(Math.max(...never));
        expect(Math.min(...returned)).toBeLessThanOrEqual(Math.max(...never));
      }),
      { numRuns: 300 },
    );
  });

  it('is not scored while nobody has come back twice', async () => {
    const random = seededRandom(11);
    const groups = Array.from({ length: 300 }, (_, n) => {
      const age = 1 + Math.floor(170 * random());
      return n % 10 === 0 ? group(1, 1 + Math.floor(random() * age), age, 1) : group(0, 0, age, 1);
    });
    const fit = await fitBgNbd([groups]);
    expect(fit).toMatchObject({ outcome: 'unfitted', reason: 'not_identified' });
    expect(fit.outcome === 'unfitted' && fit.message).toContain('No customer has come back twice yet');
  });

  it.each([
    ['one wholesaler', [group(999, 999, 1000, 1)]],
    ['one regular customer', [group(5, 250, 300, 1)]],
    ['four regular customers', [group(30, 300, 301, 2), group(2, 10, 300, 2)]],
  ])('is not scored by %s alone', async (_, returned) => {
    const newcomers = Array.from({ length: 30 }, (_, n) => group(0, 0, n + 1, 2));
    const fit = await fitBgNbd([[...newcomers, ...returned]]);
    expect(fit).toMatchObject({ outcome: 'unfitted', reason: 'not_identified' });
    expect(fit.outcome === 'unfitted' && fit.message).toMatch(
      /^Only (one customer has|four customers have) come back so far/,
    );
  });

  it('is known better the more customers it has', async () => {
    const process = { r: 0.4, alpha: 60, a: 0.5, b: 3 };
    const uncertainty = async (customers: number) =>
      fitted(await fitBgNbd([youngShop(5, customers, 300, process)])).uncertainty;
    const [few, more, many] = [await uncertainty(100), await uncertainty(1000), await uncertainty(10_000)];
    expect(more).toBeLessThan(few * 0.6);
    expect(many).toBeLessThan(more * 0.6);
    expect(many).toBeLessThan(0.02);
  });

  it('has scores as uncertain as they differ between shops of the same kind', async () => {
    const process = { r: 0.4, alpha: 60, a: 0.5, b: 3 };
    const asked = { repeats: 1, recency: 100, age: 200 };
    const fits = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => fitted(await fitBgNbd([youngShop(n, 1500, 300, process)]))),
    );
    const scores = fits.map(({ parameters }) => churnProbability(parameters, asked, 90));
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const spread = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
    const told = fits.reduce((sum, { uncertainty }) => sum + uncertainty, 0) / fits.length;
    expect(told / spread).toBeGreaterThan(0.3);
    expect(told / spread).toBeLessThan(3);
  });
});

describe('gatherHistories', () => {
  it('keeps every customer and every mean, exactly or merged', async () => {
    const groups = simulated(20_000, 3000);
    const sums = async (rows: number) => {
      const table = await gatherHistories([groups.slice(0, 7000), [], groups.slice(7000)], rows);
      const total = (values: Float64Array) =>
        values.reduce((sum, value, i) => sum + value * (table.weight[i] ?? 0), 0);
      return { table, sums: [table.customers, total(table.repeats), total(table.recency), total(table.age)] };
    };
    const exact = await sums(100_000);
    const distinct = new Set(groups.map((g) => [g.repeats, g.recencyDays, g.ageDays].join()));
    expect(exact.table.length).toBe(distinct.size);
    for (const rows of [12_000, 5000]) {
      const merged = await sums(rows);
      expect(merged.table.length).toBeLessThanOrEqual(rows);
      merged.sums.forEach((sum, i) => {
        expect(sum / (exact.sums[i] ?? 0)).toBeCloseTo(1, 10);
      });
    }
    await expect(gatherHistories([groups], 10)).rejects.toThrow(RangeError);
  });
});

describe('bgNbdLogLikelihood', () => {
  it('has a gradient that matches its values', async () => {
    const table = await gatherHistories([sample]);
    const point = fc.tuple(
      ...[0.5, 30, 0.8, 2.4].map((middle) =>
        fc.double({ min: Math.log(middle) - 3, max: Math.log(middle) + 3, noNaN: true }),
      ),
    );
    fc.assert(
      fc.property(point, (values) => {
        const { gradient } = bgNbdLogLikelihood(table, values as unknown as LogParameters);
        for (const i of [0, 1, 2, 3] as const) {
          const shifted = (by: number) =>
            bgNbdLogLikelihood(
              table,
              values.map((v, j) => (i === j ? v + by : v)) as unknown as LogParameters,
            ).value;
          const numeric = (shifted(1e-4) - shifted(-1e-4)) / 2e-4;
          expect(Math.abs(numeric - gradient[i])).toBeLessThan(1e-3 + 1e-6 * Math.abs(numeric));
        }
      }),
      { numRuns: 30 },
    );
  });
});
