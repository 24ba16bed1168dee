import { describe, expect, it } from 'vitest';
import { limits } from './limits';
import type { ScoringState } from './ports';
import { answered, failed, following, later, neverScored, scored, taken } from './transitions';

const now = new Date('2026-03-01T10:00:00Z');
const then = later(now, 60_000);
const shown = { version: 1 };

const followed = following(neverScored(now), 1, now) ?? neverScored(now);
const seen = scored(followed, { run: 7 }, now);
const silent = { cause: 'unreachable', reason: 'silence', of: 'look' } as const;
const wrong = { cause: 'answers', reason: 'HTML', of: 'run' } as const;
const times = (count: number, state: ScoringState): ScoringState =>
  count === 0
    ? state
    : times(
        count - 1,
        failed(state, silent, then, () => 1),
      );

describe('following an activation', () => {
  it('shows a new model when its run is whole, and the one before until then', () => {
    expect(followed).toMatchObject({ mode: 'default', version: 1 });
    expect(seen).toMatchObject({ mode: 'model', shownRun: 7 });
    expect(following(seen, 2, then)).toMatchObject({ mode: 'model', shownRun: 7, version: 2, since: now });
    expect(following(seen, 1, then)).toBeNull();
  });

  it('shows the default at once when that is activated', () => {
    expect(following(seen, null, then)).toMatchObject({ mode: 'default', shownRun: null, since: then });
  });

  it('leaves the failures of one version with it', () => {
    const next = following(times(3, seen), 2, then);
    expect(next).toMatchObject({ mode: 'default', reason: null, breaker: { openedAt: null, failures: 0 } });
  });
});

describe('the circuit', () => {
  it('opens after some failures of looks in a row, and not before', () => {
    for (let n = 1; n < limits.failuresToOpen; n += 1) expect(times(n, seen).mode).toBe('model');
    const open = times(limits.failuresToOpen, seen);
    expect(open).toMatchObject({ mode: 'fallback', reason: 'silence', since: then, shownRun: 7 });
    const forgiven = answered(times(limits.failuresToOpen - 1, seen), shown, then);
    expect(times(1, forgiven).mode).toBe('model');
  });

  it('opens at once when a run fails', () => {
    expect(failed(seen, wrong, then)).toMatchObject({
      mode: 'fallback',
      reason: 'HTML',
      breaker: { openedAt: then },
    });
  });

  it('is closed by a run alone when a run opened it, whatever failed', () => {
    const open = failed(seen, { ...silent, of: 'run' }, then);
    expect(answered(open, shown, then)).toMatchObject({ mode: 'fallback', breaker: { openedAt: then } });
    // Health checks that fail and succeed in between change nothing.
    expect(answered(failed(open, silent, then), shown, then).mode).toBe('fallback');
    // Nor does it matter that health checks opened the circuit before the run failed.
    expect(answered(failed(times(5, seen), { ...silent, of: 'run' }, then), shown, then).mode).toBe(
      'fallback',
    );
    expect(scored(open, { run: 8 }, then)).toMatchObject({ mode: 'model', breaker: { failedRuns: 0 } });
    expect(following(open, 2, then)).toMatchObject({ breaker: { failedRuns: 0 } });
  });

  it('has runs tried ever more rarely, up to a limit', () => {
    let state = seen;
    const pauses = Array.from({ length: 9 }, () => {
      state = failed(state, wrong, then, () => 1);
      return ((state.nextHealthCheckAt?.getTime() ?? 0) - then.getTime()) / 1000;
    });
    expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it('closes when the endpoint answers, and shows the whole run from before', () => {
    expect(answered(times(5, seen), shown, then)).toMatchObject({
      mode: 'model',
      shownRun: 7,
      reason: null,
      breaker: { openedAt: null },
    });
  });

  it('stays open for wrong answers until a run is whole', () => {
    const open = failed(seen, wrong, then);
    expect(answered(open, shown, then).mode).toBe('fallback');
    // A time without responses in between does not make the scores right.
    expect(answered(failed(open, silent, then), shown, then).mode).toBe('fallback');
    expect(scored(open, { run: 8 }, then)).toMatchObject({
      mode: 'model',
      shownRun: 8,
      breaker: { trials: 0 },
    });
  });

  it('stays open while there is no whole run of the version', () => {
    const open = failed(followed, { ...silent, of: 'run' }, then);
    expect(open.mode).toBe('fallback');
    expect(answered(open, null, then).mode).toBe('fallback');
    expect(answered({ ...times(3, seen), version: 2 }, shown, then).mode).toBe('fallback');
  });

  it('is looked at ever more rarely, up to a limit', () => {
    const pauses = [3, 4, 5, 6, 7, 8, 9].map(
      (count) => (times(count, seen).nextHealthCheckAt?.getTime() ?? 0) - then.getTime(),
    );
    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });
});

it('a look is taken once when it is due', () => {
  expect(taken(seen, now)).toBeNull();
  const mine = taken(seen, then);
  expect(mine).not.toBeNull();
  expect(mine && taken(mine, then)).toBeNull();
  expect(taken(neverScored(now), then)).toBeNull();
});
