import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from './limits';
import { Pace } from './pace';

describe('the pace', () => {
  it('begins as the contract test asks, and grows with quick answers', () => {
    const pace = new Pace();
    const sizes = Array.from({ length: 4 }, () => {
      const { rows, requests } = pace;
      pace.answered(rows, 5);
      return [rows, requests];
    });
    expect(sizes).toEqual([
      [100, 1],
      [800, 2],
      [limits.batchRows, limits.concurrency],
      [limits.batchRows, limits.concurrency],
    ]);
  });

  it('stays at what the model answers in about the time that a request should take', () => {
    const pace = new Pace();
    for (let n = 0; n < 10; n += 1) pace.answered(pace.rows, pace.rows * 2);
    expect(pace.rows).toBe(limits.requestMs / 2);
    for (let n = 0; n < 10; n += 1) pace.answered(pace.rows, pace.rows * 20);
    expect(pace.rows).toBe(limits.requestMs / 20);
  });

  it('halves what was too much, then asks the least alone, then gives up', () => {
    const pace = new Pace();
    for (let n = 0; n < 3; n += 1) pace.answered(pace.rows, 5);
    expect(pace.tooMuch(4000, false)).toBe(true);
    expect(pace).toMatchObject({ rows: 2000, requests: 1 });
    // A request that was in flight at the same time.
    expect(pace.tooMuch(4000, false)).toBe(true);
    expect(pace).toMatchObject({ rows: 2000, requests: 1 });
    expect(pace.tooMuch(2000, true)).toBe(true);
    expect(pace).toMatchObject({ rows: limits.leastRows, requests: 1 });
    expect(pace.tooMuch(limits.leastRows, true)).toBe(false);
  });

  it('tries what was too much again only after many answers', () => {
    const pace = new Pace();
    pace.answered(100, 5);
    pace.tooMuch(800, false);
    for (let n = 1; n < limits.calmAnswers; n += 1) {
      pace.answered(pace.rows, 5);
      expect(pace).toMatchObject({ rows: 400, requests: 1 });
    }
    pace.answered(400, 5);
    expect(pace).toMatchObject({ rows: 800, requests: 2 });
  });

  it('stays within its bounds, whatever happens', () => {
    const event = fc.record({
      answers: fc.boolean(),
      ms: fc.integer({ min: 0, max: 20_000 }),
      rows: fc.integer({ min: 1, max: limits.batchRows }),
      alone: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 100 }), (events) => {
        const pace = new Pace();
        for (const { answers, ms, rows, alone } of events) {
          if (answers) pace.answered(rows, ms);
          else pace.tooMuch(rows, alone);
          expect(pace.rows).toBeGreaterThanOrEqual(limits.leastRows);
          expect(pace.rows).toBeLessThanOrEqual(limits.batchRows);
          expect([1, 2, 3]).toContain(pace.requests);
          expect(Number.isInteger(pace.rows)).toBe(true);
        }
      }),
    );
  });
});
