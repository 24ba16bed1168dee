import type { CustomerOverview } from '@/lib/domain/crm/ports';
import type { History, Scoring, ScoringRun } from '../generated/client';

/** What pages show without counting. `run` is the shown scoring run, or null for default scores. */
export function toOverview(
  history: History | null,
  state: Scoring | null,
  run: ScoringRun | null,
): CustomerOverview {
  const counts = run ?? history;
  return {
    customers: Number(history?.customers ?? 0),
    orders: Number(history?.orders ?? 0),
    asOf: history?.asOf ?? null,
    firstOrderAt: history?.firstOrderAt ?? null,
    lastOrderAt: history?.lastOrderAt ?? null,
    importedAt: history?.importedAt ?? null,
    histogram: counts?.histogram ?? Array.from({ length: 10 }, () => 0),
    bands: { low: counts?.bandLow ?? 0, medium: counts?.bandMedium ?? 0, high: counts?.bandHigh ?? 0 },
    scoring: scoringOf(history, run),
    source: sourceOf(state, run),
  };
}

function sourceOf(state: Scoring | null, run: ScoringRun | null): CustomerOverview['source'] {
  if (run) return { kind: 'model', version: versionName(run.version) };
  if (state?.mode !== 'fallback') return { kind: 'default' };
  return { kind: 'fallback', reason: state.reason, since: state.since };
}

function scoringOf(history: History | null, run: ScoringRun | null): CustomerOverview['scoring'] {
  if (!history || history.revision === 0n) return { state: 'none' };
  const scoredRevision = run ? run.revision : history.scoredRevision;
  const scoredAt = run ? run.finishedAt : history.scoredAt;
  if (scoredRevision === null || scoredRevision < history.revision || !scoredAt) {
    return { state: 'stale', since: history.revisedAt ?? history.importedAt ?? new Date() };
  }
  if (run) return { state: 'scored', scoredAt, version: versionName(run.version), uncertainty: null };
  if (history.unfittedReason !== null) {
    return { state: 'unfitted', reason: history.unfittedReason, at: scoredAt };
  }
  return {
    state: 'scored',
    scoredAt,
    version: history.scoreVersion ?? '',
    uncertainty: history.fitUncertainty,
  };
}

/** The version's name in the rows of a scoring run. */
const versionName = (version: number): string => `v${version}`;
