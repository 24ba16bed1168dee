import { limits } from './limits';
import type { Breaker, FailureCause, ScoringRun, ScoringState } from './ports';

/** What every change of state is: what is there before, and when. */
type Random = () => number;

const closed: Breaker = { failures: 0, cause: null, openedAt: null, trials: 0, failedRuns: 0 };

/** A tenant that never had a model. */
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
 * Follows the registration `version`, null being the default. Going back to the default is at once; another version leaves the
 * shown scores until its own are whole. Null when that one is followed already.
 */
export function following(state: ScoringState, version: number | null, now: Date): ScoringState | null {
  if (state.version === version) return null;
  // The look comes first to see that the work is on its way, then to tidy up.
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

/** A run came to its end: readers see it from now on. */
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
 * The endpoint answered a look. A circuit that silent looks alone had opened closes, and the whole run from before is seen again.
 * What a run found wrong, one row does not clear: only a run that comes to its end does, or readers would see the scores
 * from before it come and go with each trial.
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
  /** For people. */
  readonly reason: string;
  /** A run that failed has tried long enough; a look may be bad luck. */
  readonly of: 'run' | 'look';
}

/** The endpoint failed. So many times in a row, or in a run, it opens the circuit, and readers see the default's scores. */
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
      // A look that goes unanswered does not clear what a run found wrong with the answers.
      cause: breaker.openedAt !== null && breaker.cause === 'answers' ? 'answers' : failure.cause,
      openedAt: breaker.openedAt ?? now,
      trials,
      failedRuns,
    },
    nextHealthCheckAt: later(now, pause),
  };
}

/** A look is taken by whoever gets here first; null when it is not due, or another took it. */
export function taken(state: ScoringState, now: Date): ScoringState | null {
  if (state.nextHealthCheckAt === null || state.nextHealthCheckAt > now) return null;
  return { ...state, nextHealthCheckAt: later(now, limits.healthyMs) };
}

/** Until the next look at an open circuit, ms. */
const pauseAfter = (trials: number, random?: Random): number =>
  doubling(limits.reopenMs, limits.longestReopenMs, trials, random);

/** Until a look may ask for another run, ms: a run is many times the work of a look. */
const pauseAfterRun = (failedRuns: number, random?: Random): number =>
  doubling(limits.rerunMs, limits.longestRerunMs, failedRuns, random);

/** Doubles with each time, with a quarter of jitter: tenants of one endpoint's failure do not come back together. */
function doubling(first: number, longest: number, times: number, random: Random = Math.random): number {
  const pause = Math.min(longest, first * 2 ** Math.max(0, times - 1));
  return pause * (0.75 + random() / 4);
}

export const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
