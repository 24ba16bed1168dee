import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliveProbability, type BgNbdParameters, churnProbability } from './bg-nbd';
import { seededRandom, simulateCustomer } from './fixtures/simulate';

/** Table 2 of the paper, in weeks. */
const paper: BgNbdParameters = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

const positive = (least: number, most: number) =>
  fc.double({ min: Math.log(least), max: Math.log(most), noNaN: true }).map(Math.exp);
const parameters = fc.record({
  r: positive(1e-4, 1e4),
  alpha: positive(1e-3, 1e6),
  a: positive(1e-5, 1e4),
  b: positive(1e-4, 1e6),
});
const history = fc
  .record({
    repeats: fc.oneof(fc.nat(20), fc.nat(1_000_000)),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    age: positive(1e-3, 1e5),
  })
  .map(({ repeats, share, age }) => ({ repeats, age, recency: repeats === 0 ? 0 : share * age }));

describe('churnProbability', () => {
  it('is a probability for every history and every fit, however extreme', () => {
    fc.assert(
      fc.property(parameters, history, positive(1e-3, 1e5), (fit, past, horizon) => {
        const churn = churnProbability(fit, past, horizon);
        expect(churn).toBeGreaterThanOrEqual(0);
        expect(churn).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is not higher for a customer who ordered more recently, all else equal', () => {
    fc.assert(
      fc.property(parameters, history, fc.double({ min: 0, max: 1, noNaN: true }), (fit, past, share) => {
        fc.pre(past.repeats > 0);
        const later = { ...past, recency: past.recency + share * (past.age - past.recency) };
        expect(churnProbability(fit, later, 90)).toBeLessThanOrEqual(churnProbability(fit, past, 90) + 1e-12);
      }),
    );
    expect(churnProbability(paper, { repeats: 4, recency: 30, age: 39 }, 13)).toBeLessThan(
      churnProbability(paper, { repeats: 4, recency: 10, age: 39 }, 13) - 0.3,
    );
  });

  it('falls as the horizon grows, from certain at none', () => {
    fc.assert(
      fc.property(parameters, history, positive(1, 1e4), (fit, past, horizon) => {
        expect(churnProbability(fit, past, 0)).toBe(1);
        expect(churnProbability(fit, past, horizon * 2)).toBeLessThanOrEqual(
          churnProbability(fit, past, horizon),
        );
      }),
    );
  });

  it('depends only on the purchase rate without repeats, where nobody can have dropped out', () => {
    fc.assert(
      fc.property(parameters, positive(1, 1e4), (fit, age) => {
        const past = { repeats: 0, recency: 0, age };
        expect(aliveProbability(fit, past)).toBe(1);
        const quiet = ((fit.alpha + age) / (fit.alpha + age + 90)) ** fit.r;
        expect(churnProbability(fit, past, 90)).toBeCloseTo(quiet, 9);
      }),
    );
  });

  it('does not depend on the unit of time', () => {
    fc.assert(
      fc.property(parameters, history, (fit, past) => {
        const inDays = churnProbability(
          { ...fit, alpha: fit.alpha * 7 },
          { ...past, recency: past.recency * 7, age: past.age * 7 },
          91,
        );
        expect(inDays).toBeCloseTo(churnProbability(fit, past, 13), 9);
      }),
    );
  });

  it('equals the closed form written out where that does not overflow', () => {
    fc.assert(
      fc.property(
        fc.nat(30),
        fc.double({ min: 0, max: 1, noNaN: true }),
        positive(1, 100),
        (repeats, share, age) => {
          const { r, alpha, a, b } = paper;
          const recency = repeats === 0 ? 0 : share * age;
          const odds =
            repeats === 0
              ? 0
              : (a / (b + repeats - 1)) * ((alpha + age) / (alpha + recency)) ** (r + repeats);
          const expected = 1 - (1 - ((alpha + age) / (alpha + age + 13)) ** (r + repeats)) / (1 + odds);
          expect(churnProbability(paper, { repeats, recency, age }, 13)).toBeCloseTo(expected, 10);
        },
      ),
    );
  });

  it('agrees with the simulated process, for all customers and for each kind of history', () => {
    const random = seededRandom(20050424);
    const strata = new Map<
      string,
      { customers: number; expected: number; churned: number; variance: number }
    >();
    for (let customer = 0; customer < 200_000; customer++) {
      const past = simulateCustomer(paper, 10 + 40 * random(), 13, random);
      const churn = churnProbability(paper, past, 13);
      const late = past.recency > past.age * 0.7 ? 'late' : 'early';
      for (const name of ['all', `${Math.min(past.repeats, 5)} ${late}`]) {
        const stratum = strata.get(name) ?? { customers: 0, expected: 0, churned: 0, variance: 0 };
        stratum.customers += 1;
        stratum.expected += churn;
        stratum.churned += past.ordersAgain ? 0 : 1;
        stratum.variance += churn * (1 - churn);
        strata.set(name, stratum);
      }
    }
    expect(strata.size).toBe(12);
    for (const [name, { expected, churned, variance }] of strata) {
      expect(Math.abs(churned - expected) / Math.sqrt(variance), name).toBeLessThan(4);
    }
  });
});
