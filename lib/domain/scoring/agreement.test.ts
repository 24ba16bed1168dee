import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve, brierScore, jointTenths, quantiles, rankAgreement } from './agreement';

const coarse = fc.integer({ min: 0, max: 6 }).map((n) => n / 6);
const pairs = fc.array(fc.tuple(coarse, fc.boolean()), { minLength: 2, maxLength: 40 });

describe('the area under the curve', () => {
  it('is, by its definition, the share of pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const yes = rows.filter(([, happened]) => happened);
        const no = rows.filter(([, happened]) => !happened);
        const found = areaUnderCurve(
          rows.map(([p]) => p),
          rows.map(([, happened]) => happened),
        );
        if (yes.length === 0 || no.length === 0) return found === null;
        const wins = yes.flatMap(([p]) => no.map(([q]) => (p > q ? 1 : p === q ? 0.5 : 0)));
        const expected = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
        return found !== null && Math.abs(found - expected) < 1e-12;
      }),
    );
  });
});

describe('Spearman’s rank agreement', () => {
  it('agrees with a worked example with ties', () => {
    // scipy.stats.spearmanr([1, 2, 2, 4, 5], [5, 6, 7, 8, 7])
    expect(rankAgreement([1, 2, 2, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.763_157_894_736_842, 12);
  });

  it('is one for the same order, minus one for the reverse, whatever the distances', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 }), (values) => {
        expect(
          rankAgreement(
            values,
            values.map((v) => v ** 3 / 2 + v),
          ),
        ).toBeCloseTo(1, 9);
        expect(
          rankAgreement(
            values,
            values.map((v) => -v),
          ),
        ).toBeCloseTo(-1, 9);
      }),
    );
  });

  it('is not known when one side says the same of everybody', () => {
    expect(rankAgreement([0.5, 0.5, 0.5], [0.1, 0.2, 0.3])).toBeNull();
    expect(rankAgreement([], [])).toBeNull();
  });
});

it('the Brier score is the mean squared difference from what happened', () => {
  expect(brierScore([1, 0, 0.5, 0.2], [true, false, true, false])).toBeCloseTo((0 + 0 + 0.25 + 0.04) / 4, 12);
});

it('joint tenths hold everybody once, the highest in the last', () => {
  const counts = jointTenths([0, 0.05, 0.95, 1], [1, 0.99, 0.1, 0.0999]);
  expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(4);
  expect([counts[0]?.[9], counts[9]?.[1], counts[9]?.[0]]).toEqual([2, 1, 1]);
});

it('quantiles lie between neighbours by their distance', () => {
  expect(quantiles([4, 1, 3, 2], [0, 0.5, 1])).toEqual([1, 2.5, 4]);
});
