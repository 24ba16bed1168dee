import { limits } from './limits';
import type { Breaker, FailureCause, ScoringRun, ScoringState } from './ports';

/** Source of the jitter; returns a number in [0, 1). */
type Random = () => number;

const closed: Breaker = { failures: 0, cause: null, openedAt: null, trials: 0, failedRuns: 0 };

/** The state of a tenant that never had a model. */
export function neverScored(now: Date): ScoringState {
  return {
    mode: 'default',
    since: now,
    reason: null,
    version: null,
    shownRun: null,
    breaker: closed,
    nextHealthCheckAt: null,
  };
}

/**
 * The state after `version` became active; null is the built-in model. A return to the built-in model takes effect at once; for
 * another version, the shown scores stay until its own run is complete. Null when `version` is already followed.
 */
export function following(state: ScoringState, version: number | null, now: Date): ScoringState | null {
  if (state.version === version) return null;
  // The next health check verifies that the work is under way; later ones tidy up.
  const next = { ...state, version, breaker: closed, nextHealthCheckAt: later(now, limits.doubtMs) };
  if (version !== null && state.mode === 'model') return next;
  return {
    ...next,
    mode: 'default',
    since: state.mode === 'default' ? state.since : now,
    reason: null,
    shownRun: null,
  };
}

/** The state after a completed run, which readers see from now on. */
export function scored(state: ScoringState, run: Pick<ScoringRun, 'run'>, now: Date): ScoringState {
  return {
    ...state,
    mode: 'model',
    since: state.mode === 'model' ? state.since : now,
    reason: null,
    shownRun: run.run,
    breaker: closed,
    nextHealthCheckAt: later(now, limits.healthyMs),
  };
}

/**
 * The state after a health check succeeded. A circuit that only failed health checks opened now closes, and readers see the
 * previous complete run again. One good row does not outweigh faults that a run found: only a completed run does, or readers
 * would see the earlier scores come and go with each trial.
 */
export function answered(
  state: ScoringState,
  shown: Pick<ScoringRun, 'version'> | null,
  now: Date,
): ScoringState {
  const { breaker } = state;
  if (breaker.openedAt === null) {
    return {
      ...state,
      breaker: { ...breaker, failures: 0, cause: null },
      nextHealthCheckAt: later(now, limits.healthyMs),
    };
  }
  const whole = shown !== null && shown.version === state.version;
  if (breaker.failedRuns > 0 || breaker.cause === 'answers' || !whole) {
    return { ...state, nextHealthCheckAt: later(now, pauseAfter(breaker.trials)) };
  }
  return {
    ...state,
    mode: 'model',
    since: now,
    reason: null,
    breaker: { ...breaker, failures: 0, cause: null, openedAt: null },
    nextHealthCheckAt: later(now, limits.healthyMs),
  };
}

interface Failure {
  readonly cause: FailureCause;
  /** The reason, for people. */
  readonly reason: string;
  /** A failed run has tried long enough; a failed health check may be chance. */
  readonly of: 'run' | 'look';
}

/**
 * The state after the endpoint failed. A failed run, or `limits.failuresToOpen` failures in a row, opens the circuit, and readers
 * see default scores.
 */
export function failed(
  state: ScoringState,
  failure: Failure,
  now: Date,
  random: Random = Math.random,
): ScoringState {
  const { breaker } = state;
  const failures = breaker.failures + 1;
  const opens = breaker.openedAt !== null || failure.of === 'run' || failures >= limits.failuresToOpen;
  if (!opens) {
    return {
      ...state,
      breaker: { ...breaker, failures, cause: failure.cause },
      nextHealthCheckAt: later(now, limits.doubtMs),
    };
  }
  const trials = breaker.trials + 1;
  const failedRuns = breaker.failedRuns + (failure.of === 'run' ? 1 : 0);
  const pause = failure.of === 'run' ? pauseAfterRun(failedRuns, random) : pauseAfter(trials, random);
  return {
    ...state,
    mode: 'fallback',
    since: state.mode === 'fallback' ? state.since : now,
    reason: failure.reason,
    breaker: {
      failures,
      // An unanswered health check does not outweigh faults that a run found in the scores.
      cause: breaker.openedAt !== null && breaker.cause === 'answers' ? 'answers' : failure.cause,
      openedAt: breaker.openedAt ?? now,
      trials,
      failedRuns,
    },
    nextHealthCheckAt: later(now, pause),
  };
}

/** Takes a due health check for the first caller; null when it is not due or another caller took it. */
export function taken(state: ScoringState, now: Date): ScoringState | null {
  if (state.nextHealthCheckAt === null || state.nextHealthCheckAt > now) return null;
  return { ...state, nextHealthCheckAt: later(now, limits.healthyMs) };
}

/** Time until the next health check while the circuit is open, ms. */
const pauseAfter = (trials: number, random?: Random): number =>
  doubling(limits.reopenMs, limits.longestReopenMs, trials, random);

/** Time until a health check may request another run, ms: a run is many times the work of a health check. */
const pauseAfterRun = (failedRuns: number, random?: Random): number =>
  doubling(limits.rerunMs, limits.longestRerunMs, failedRuns, random);

/** Doubles each time, with jitter of a quarter, so that tenants affected by the same failure don't all return at once. */
function doubling(first: number, longest: number, times: number, random: Random = Math.random): number {
  const pause = Math.min(longest, first * 2 ** Math.max(0, times - 1));
  return pause * (0.75 + random() / 4);
}

export const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
