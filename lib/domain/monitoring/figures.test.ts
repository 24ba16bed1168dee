import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { now, readingOf } from '../testing/metric-readings';
import { figuresOf } from './figures';
import { metricRanges } from './ports';
import { successRate, totalOf } from './traffic';
import { timesOf, windowOf } from './windows';

const allOf = (...given: Parameters<typeof readingOf>) => figuresOf(readingOf(...given)).all;
const tail = (values: readonly (number | null)[], count: number) => values.slice(-count);

describe('windows', () => {
  it.each(metricRanges)('of %s are whole periods since the epoch that end with the present one', (range) => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (at) => {
          const window = windowOf(range, at);
          const { start, end, periodSeconds } = window;
          const ms = periodSeconds * 1000;
          expect([start.getTime() % ms, end.getTime() % ms]).toEqual([0, 0]);
          expect(end.getTime()).toBeGreaterThan(at.getTime());
          expect(end.getTime() - ms).toBeLessThanOrEqual(at.getTime());
          const times = timesOf(window);
          expect(times.length).toBeGreaterThanOrEqual(60);
          expect(times.length).toBeLessThanOrEqual(180);
          expect((times.at(-1) ?? 0) + periodSeconds).toBe(end.getTime() / 1000);
          // For data older than 15 days CloudWatch has no other periods.
          expect(range !== '30d' || periodSeconds % 300 === 0).toBe(true);
        },
      ),
    );
  });

  it('of two instants hold them, in periods that CloudWatch still has and a chart can show', () => {
    const day = 86_400;
    const present = now.getTime() / 1000;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 * day }),
        fc.integer({ min: 1, max: 29 * day }),
        (age, length) => {
          const span = { from: present - age, to: present - age + length };
          const window = windowOf('24h', now, span);
          const times = timesOf(window);
          expect(times.length).toBeGreaterThanOrEqual(10);
          expect(times.length).toBeLessThanOrEqual(180);
          expect(window.pinned).toBe(true);
          const [start, end] = [window.start.getTime() / 1000, window.end.getTime() / 1000];
          expect([start % window.periodSeconds, end % window.periodSeconds]).toEqual([0, 0]);
          expect(start).toBeLessThanOrEqual(span.from);
          expect(end).toBeGreaterThanOrEqual(Math.min(span.to, present));
          expect(end - window.periodSeconds).toBeLessThanOrEqual(present);
          const least = age > 63 * day ? 3600 : age > 15 * day ? 300 : 60;
          expect(window.periodSeconds).toBeGreaterThanOrEqual(least);
        },
      ),
    );
  });

  it('read a short time by the minute, and take no span that is empty or to come', () => {
    const present = now.getTime() / 1000;
    const of = (from: number, to: number) => windowOf('24h', now, { from: present + from, to: present + to });
    expect(of(-7200, -3600)).toMatchObject({ periodSeconds: 60, pinned: true });
    expect(timesOf(of(-60, 0))).toHaveLength(10);
    expect(of(-60, -60).pinned).toBe(false);
    expect(of(60, 120).pinned).toBe(false);
  });
});

describe('figures', () => {
  it('adds both kinds of errors and distinguishes none from zero', () => {
    const { errors, success, calls } = allOf({
      invocations: [10, null, 5, 4],
      errors4xx: [1, null, 0, null],
      errors5xx: [2, null, 0, null],
    });
    expect(tail(errors.values, 5)).toEqual([null, 3, null, 0, 0]);
    expect(tail(success.values, 5)).toEqual([null, 0.7, null, 1, 1]);
    expect([calls.total, errors.total, success.total]).toEqual([19, 3, 1 - 3 / 19]);
  });

  it('has no success rate and no totals without calls', () => {
    const figures = figuresOf(readingOf({}));
    const { calls, errors, success } = figures.all;
    expect([calls.total, errors.total, success.total, figures.newest]).toEqual([null, null, null, null]);
    expect(figures.late).toBe(false);
    expect(successRate(0, 0)).toBeNull();
    expect(allOf({ invocations: [0] }).success.total).toBeNull();
    expect(allOf({ invocations: [0] }).calls.total).toBe(0);
  });

  it('keeps a rate within 0 and 1, and gives it whenever calls and errors are known', () => {
    const count = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: null });
    fc.assert(
      fc.property(count, count, (calls, failures) => {
        const rate = successRate(calls, failures);
        expect(rate === null).toBe(calls === null || calls === 0 || failures === null);
        if (rate !== null) expect(rate >= 0 && rate <= 1).toBe(true);
      }),
    );
    expect(totalOf([null, 0])).toBe(0);
    expect(totalOf([null])).toBeNull();
  });

  it('gives latencies in milliseconds and the most serious problem of a panel', () => {
    const problems = { modelP50: 'partial', errors5xx: 'denied', invocations: 'failed' } as const;
    const figures = figuresOf(readingOf({ modelP99: [1500, null] }, problems));
    expect(tail(figures.model.p99, 2)).toEqual([1.5, null]);
    expect([figures.model.problem, figures.overhead.problem]).toEqual(['partial', null]);
    expect([figures.all.errors.problem, figures.all.success.problem]).toEqual(['denied', 'denied']);
  });

  it.each(['denied', 'failed', 'partial'] as const)(
    'does not take errors that are %s for none',
    (problem) => {
      const given = { invocations: [10, 10, 10], errors4xx: [1, 0, 2], errors5xx: [null, 3, null] };
      const { calls, client, errors, success } = allOf(given, { errors5xx: problem });
      expect(tail(errors.values, 3)).toEqual([null, 3, null]);
      expect(tail(success.values, 3)).toEqual([null, 0.7, null]);
      expect(tail(client, 3)).toEqual([1, 0, 2]);
      expect([calls.total, errors.total, success.total]).toEqual([30, null, null]);
    },
  );

  it('gives no total when calls may be missing, and does not call that late', () => {
    const given = { invocations: [9, 9, 9, 9, 9, 9, null, null, null], errors4xx: [0], errors5xx: [0] };
    expect(figuresOf(readingOf(given))).toMatchObject({ late: true, all: { calls: { total: 54 } } });
    expect(figuresOf(readingOf(given, { invocations: 'partial' }))).toMatchObject({
      late: false,
      all: {
        calls: { total: null },
        errors: { total: 0 },
        success: { total: null, problem: 'partial' },
      },
    });
  });

  it('is late when regular calls have stopped for more than two periods', () => {
    const late = (...invocations: (number | null)[]) => figuresOf(readingOf({ invocations })).late;
    const regular = [3, 4, null, 3, 2, 3];
    expect(late(...regular, null, null)).toBe(false);
    expect(late(...regular, null, null, null)).toBe(true);
    // Neither a burst nor a trickle is regular.
    expect(late(500, null, null, null, null)).toBe(false);
    expect(late(1, null, null, 1, null, 1, null, null, null)).toBe(false);
    expect(late(...regular)).toBe(false);
  });

  it('finds the newest period with data', () => {
    const times = timesOf(windowOf('1h', now));
    expect(figuresOf(readingOf({ invocations: [1, null], errors5xx: [0, 0, null] })).newest).toBe(
      times.at(-2),
    );
  });
});
