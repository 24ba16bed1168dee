import type { Reading } from '@/components/live/reading';
import type { CustomerOverview } from '@/lib/domain/crm/ports';
import { type OpenRun, openRun, shownVersion, standingInWords } from '@/lib/domain/scoring/standing';
import type { ScoringView } from '@/lib/domain/scoring/verbs/get-scoring';

/** The state of the scores as JSON values. */
export interface ScoringReading extends Reading {
  /** The run under way; null when there is none, or the reader may not see it. */
  readonly run: RunProgress | null;
  /** Which model is active and which one is shown; null for people who may not see the models. */
  readonly standing: string | null;
}

export type RunProgress = Pick<OpenRun, 'state' | 'version' | 'askedBy' | 'rowsDone' | 'rowsTotal'>;

/** The scores as they stood at `now`. `scoring` is null for people who may not see the models. */
export function scoringReading(
  overview: CustomerOverview,
  scoring: ScoringView | null,
  now: Date,
): ScoringReading {
  const run = scoring ? runOf(scoring) : null;
  const { customers, orders, source } = overview;
  return {
    at: now.toISOString(),
    underWay:
      customers > 0 &&
      (run !== null ||
        overview.scoring.state === 'none' ||
        overview.scoring.state === 'stale' ||
        source.kind === 'fallback' ||
        (scoring !== null && isFollowing(scoring))),
    mark: JSON.stringify([customers, orders, overview.scoring, source, scoring && withoutProgress(scoring)]),
    words: wordsOf(overview, scoring),
    run,
    standing: scoring && standingInWords(scoring),
  };
}

/** Whether the scores are still to follow the active model: the run that scores with it may not have been opened yet. */
function isFollowing(scoring: ScoringView): boolean {
  const { active, state, latest } = scoring;
  if (active === null || state.version !== active.version) return state.version !== (active?.version ?? null);
  const failed = latest?.state === 'failed' && latest.version === active.version;
  return shownVersion(scoring) !== active.version && !failed;
}

function runOf(scoring: ScoringView): RunProgress | null {
  const run = openRun(scoring);
  if (run === null) return null;
  const { state, version, askedBy, rowsDone, rowsTotal } = run;
  return { state, version, askedBy, rowsDone, rowsTotal };
}

/** What the panel shows of `scoring` besides the progress of a run, which is shown from the reading. */
const withoutProgress = ({ state, active, circuit, shown, latest }: ScoringView) => [
  state,
  active,
  circuit,
  shown?.run,
  latest && [latest.run, latest.state === 'waiting' || latest.state === 'running' ? 'open' : latest.state],
];

function wordsOf({ scoring: { state }, source }: CustomerOverview, scoring: ScoringView | null): string {
  if (state === 'none') return 'No scores yet. They are being computed.';
  if (state === 'stale') return 'Scores are being recomputed.';
  if (state === 'unfitted') return 'The churn risk could not be computed.';
  if (scoring) return `${standingInWords(scoring, { progress: false })}.`;
  return source.kind === 'fallback'
    ? 'Fallback: scores come from the built-in model.'
    : 'Scores are up to date.';
}
