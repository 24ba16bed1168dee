import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readingOf } from '../testing/metric-readings';
import { figuresOf } from './figures';
import { without } from './traffic';

const tail = (values: readonly (number | null)[], count: number) => values.slice(-count);

describe('what is left without Annex’s own calls', () => {
  it('is the difference, and nothing where SageMaker measured nothing', () => {
    expect(without([10, null, 4], [[3, null, 4], [1]])).toEqual([6, null, 0]);
    expect(without([5, 6], [])).toEqual([5, 6]);
  });

  it('takes a call that was dated beyond an edge from the period beside it', () => {
    expect(without([10, 2, 8], [[0, 5, 0]])).toEqual([7, 0, 8]);
    expect(without([1, 2, 8], [[0, 5, 0]])).toEqual([0, 0, 6]);
    expect(without([5, null], [[3, 2]])).toEqual([0, null]);
    expect(without([null, 5], [[2, 3]])).toEqual([null, 0]);
  });

  it('is never negative, and never more than was measured', () => {
    const counts = fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { nil: null }), { maxLength: 20 });
    fc.assert(
      fc.property(counts, counts, (measured, own) => {
        for (const [at, value] of without(measured, [own]).entries()) {
          const most = measured[at] ?? null;
          expect(value === null).toBe(most === null);
          if (value !== null && most !== null) expect(value >= 0 && value <= most).toBe(true);
        }
      }),
    );
  });

  it('is all real traffic when calls at some edges are dated a period late', () => {
    const period = fc.record({
      real: fc.integer({ min: 0, max: 9 }),
      same: fc.integer({ min: 0, max: 9 }),
      late: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(period, { minLength: 1, maxLength: 20 }), (periods) => {
        const late = (at: number) => (at % 2 === 0 ? (periods[at]?.late ?? 0) : 0);
        const measured = [...periods.map(({ real, same }, at) => real + same + late(at)), 0];
        const own = measured.map((_, at) => (periods[at]?.same ?? 0) + late(at - 1));
        const real = periods.reduce((sum, each) => sum + each.real, 0);
        const left = without(measured, [own]).reduce<number>((sum, value) => sum + (value ?? 0), 0);
        expect(left).toBe(real);
      }),
    );
  });
});

describe('the callers of an endpoint', () => {
  const given = {
    invocations: [100, 40],
    errors4xx: [9, 1],
    errors5xx: [2, 0],
    modelP50: [1000, 1000],
    testCalls: [15, null],
    testErrors4xx: [8, null],
    scoringCalls: [30, 20],
    scoringErrors5xx: [2, null],
    scoringUnanswered: [1, null],
    lookCalls: [5, 5],
  };

  it('are told apart: the tests of Annex are no errors of the applications', () => {
    const { apps, own, all } = figuresOf(readingOf(given));
    if (typeof apps === 'string') throw new Error(apps);
    expect(tail(apps.calls.values, 2)).toEqual([50, 15]);
    expect(tail(apps.errors.values, 2)).toEqual([1, 1]);
    expect([apps.calls.total, apps.errors.total, apps.success.total]).toEqual([65, 2, 1 - 2 / 65]);
    expect([all.calls.total, all.errors.total]).toEqual([140, 12]);
    expect([own.test.calls.total, own.test.success.total]).toEqual([15, 1 - 8 / 15]);
    // A call that was never answered did not succeed.
    expect([own.scoring.errors.total, own.scoring.success.total]).toEqual([3, 1 - 3 / 50]);
    expect(own.look.success.total).toBe(1);
  });

  it('are Annex alone when nobody else calls', () => {
    const { apps } = figuresOf(readingOf({ invocations: [3, 2], errors4xx: [0, 0], lookCalls: [2, 3] }));
    expect(apps).toMatchObject({ calls: { total: 0 }, errors: { total: 0 }, success: { total: null } });
  });

  it('stay together when Annex’s own calls are unknown, or several variants respond', () => {
    for (const problem of ['denied', 'failed', 'partial'] as const) {
      const { apps, all } = figuresOf(readingOf(given, { testErrors4xx: problem }));
      expect(apps).toBe(problem);
      expect(all.calls.total).toBe(140);
    }
    expect(figuresOf(readingOf(given), true).apps).toBe('several_variants');
  });

  it('have no totals where SageMaker’s own data is incomplete', () => {
    const { apps } = figuresOf(readingOf(given, { invocations: 'partial' }));
    expect(apps).toMatchObject({
      calls: { total: null, problem: 'partial' },
      errors: { total: 2 },
      success: { total: null, problem: 'partial' },
    });
  });
});
