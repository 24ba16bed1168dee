import type { ScoringRun } from './ports';
import type { ScoringView } from './verbs/get-scoring';

/**
 * Which model is active, which one's scores people see, and what is being scored, in one line:
 * `Version 4 scoring, 75% · shown: version 3`. Every page that says so uses this line. Without `progress`, it is the
 * same from the beginning of a run to its end.
 */
export function standingInWords(scoring: ScoringView, { progress = true } = {}): string {
  const { active, state } = scoring;
  const run = openRun(scoring);
  const shown = shownVersion(scoring);
  const howFar = run && progress ? progressInWords(run) : '';
  if (active === null && shown === null && state.mode !== 'fallback') return 'Built-in model active';
  if (active !== null && active.version === shown)
    return `Version ${shown} active and shown${run?.version === shown ? `, scoring again${howFar}` : ''}`;
  return `${activeInWords(scoring, run, howFar)} · shown: ${
    shown === null ? `built-in model${state.mode === 'fallback' ? ' (fallback)' : ''}` : `version ${shown}`
  }`;
}

function activeInWords({ active, latest }: ScoringView, run: OpenRun | null, howFar: string): string {
  if (active === null) return 'Built-in model active';
  const name = `Version ${active.version}`;
  if (run?.version === active.version) return `${name} scoring${howFar}`;
  return latest?.state === 'failed' && latest.version === active.version
    ? `${name} active, its last scoring run failed`
    : `${name} active`;
}

/** A run that goes on never says 100%: with all rows stored, it still has to index them. */
const progressInWords = ({ state, rowsDone, rowsTotal }: OpenRun): string =>
  state === 'waiting' ? ' soon' : `, ${Math.min(99, Math.floor((100 * rowsDone) / Math.max(1, rowsTotal)))}%`;

/** The version whose scores people see; null: the built-in model. */
export const shownVersion = ({ state, shown }: Pick<ScoringView, 'state' | 'shown'>): number | null =>
  state.mode === 'model' && shown !== null ? shown.version : null;

/** The run that scores customers, or is about to; null: none. */
export function openRun({ latest }: Pick<ScoringView, 'latest'>): OpenRun | null {
  if (latest === null) return null;
  const { state } = latest;
  return state === 'waiting' || state === 'running' ? { ...latest, state } : null;
}

export interface OpenRun extends ScoringRun {
  readonly state: 'waiting' | 'running';
}
