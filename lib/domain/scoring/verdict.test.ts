import { describe, expect, it } from 'vitest';
import { measured, knownOutcome as outcome } from '../testing/known-outcome';
import { verdictOf } from './verdict';

describe('verdictOf', () => {
  it('names the model that ranks better, when chance does not explain the difference', () => {
    expect(verdictOf(outcome({}))?.ranking).toBe('model');
    expect(verdictOf(outcome({ model: measured(0.7) }))?.ranking).toBe('default');
  });

  it('calls them alike when there are too few customers to tell, or nothing to tell', () => {
    expect(verdictOf(outcome({ sampled: 60, churned: 18 }))?.ranking).toBe('alike');
    expect(verdictOf(outcome({ model: measured(0.755) }))?.ranking).toBe('alike');
    expect(verdictOf(outcome({ default: measured(0.82) }))?.ranking).toBe('alike');
  });

  it('has the standard error of Hanley and McNeil', () => {
    // Their example: with 58 normal and 51 abnormal images, an area of 0.893 has a standard error of 0.032.
    const images = { sampled: 109, churned: 51 };
    const beyond = 1.96 * Math.SQRT2 * 0.0319;
    const pair = (difference: number) =>
      verdictOf(
        outcome({
          ...images,
          default: measured(0.893 - difference / 2),
          model: measured(0.893 + difference / 2),
        }),
      )?.ranking;
    expect(pair(beyond * 0.97)).toBe('alike');
    expect(pair(beyond * 1.03)).toBe('model');
  });

  it('says whose probabilities come closer, and whether the rate alone would do better', () => {
    expect(verdictOf(outcome({ model: measured(0.8, 0.14) }))).toMatchObject({
      closer: 'model',
      worseThanRate: false,
    });
    expect(verdictOf(outcome({ model: measured(0.8, 0.3) }))).toMatchObject({
      closer: 'default',
      worseThanRate: true,
    });
    expect(verdictOf(outcome({}))?.closer).toBe('alike');
  });

  it('says nothing without two rankings', () => {
    expect(verdictOf(outcome({ default: null }))).toBeNull();
    expect(verdictOf(outcome({ default: measured(null), model: measured(null) }))).toBeNull();
  });
});
