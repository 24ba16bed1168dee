import { expect, it } from 'vitest';
import type { ScoringRun, ScoringState } from './ports';
import { shownVersion, standingInWords } from './standing';
import type { ScoringView } from './verbs/get-scoring';

const at = new Date('2026-03-01T10:00:00Z');

const run = (version: number, state: ScoringRun['state'] = 'done', rowsDone = 3000): ScoringRun => ({
  run: version,
  version,
  revision: 1,
  state,
  askedBy: null,
  askedAt: at,
  startedAt: at,
  touchedAt: at,
  finishedAt: null,
  rowsDone,
  rowsTotal: 3000,
  lastCustomer: null,
  failure: state === 'failed' ? 'It does not respond.' : null,
});

function scoring(
  active: number | null,
  mode: ScoringState['mode'],
  shown: ScoringRun | null,
  latest: ScoringRun | null,
): ScoringView {
  return {
    active: active === null ? null : { version: active, endpointName: `churn-${active}` },
    circuit: mode === 'fallback' ? 'open' : 'closed',
    endpoints: {},
    shown,
    latest,
    state: {
      mode,
      since: at,
      reason: null,
      version: active,
      shownRun: shown?.run ?? null,
      breaker: { failures: 0, cause: null, openedAt: null, trials: 0, failedRuns: 0 },
      nextHealthCheckAt: null,
    },
  };
}

it.each([
  ['Built-in model active', scoring(null, 'default', null, null)],
  ['Built-in model active', scoring(null, 'default', null, run(1))],
  ['Version 1 active and shown', scoring(1, 'model', run(1), run(1))],
  ['Version 1 active and shown', scoring(1, 'model', run(1), run(1, 'superseded', 10))],
  ['Version 1 active and shown, scoring again, 75%', scoring(1, 'model', run(1), run(1, 'running', 2250))],
  ['Version 1 active · shown: built-in model', scoring(1, 'default', null, null)],
  ['Version 1 scoring soon · shown: built-in model', scoring(1, 'default', null, run(1, 'waiting', 0))],
  ['Version 1 scoring, 99% · shown: built-in model', scoring(1, 'default', null, run(1, 'running', 2999))],
  ['Version 1 scoring, 99% · shown: built-in model', scoring(1, 'default', null, run(1, 'running', 3000))],
  ['Version 4 scoring, 75% · shown: version 3', scoring(4, 'model', run(3), run(4, 'running', 2250))],
  ['Version 4 active · shown: version 3', scoring(4, 'model', run(3), run(3))],
  // Version 3 still scores for a moment after version 4 was activated.
  ['Version 4 active · shown: version 3', scoring(4, 'model', run(3), run(3, 'running', 10))],
  ['Version 1 active · shown: built-in model (fallback)', scoring(1, 'fallback', run(1), run(1))],
  [
    'Version 1 scoring, 20% · shown: built-in model (fallback)',
    scoring(1, 'fallback', run(1), run(1, 'running', 600)),
  ],
  [
    'Version 4 active, its last scoring run failed · shown: built-in model (fallback)',
    scoring(4, 'fallback', run(3), run(4, 'failed', 600)),
  ],
  // The scores follow an activation a moment later.
  ['Built-in model active · shown: built-in model (fallback)', scoring(null, 'fallback', run(1), run(1))],
  ['Built-in model active · shown: version 1', scoring(null, 'model', run(1), run(1))],
  [
    'Version 2 active · shown: built-in model (fallback)',
    scoring(2, 'fallback', run(1), run(1, 'failed', 0)),
  ],
] as const)('says %s', (words, view) => {
  expect(standingInWords(view)).toBe(words);
});

it('says the same throughout a run, without its progress', () => {
  const inWords = (rowsDone: number, state: 'waiting' | 'running') =>
    standingInWords(scoring(4, 'model', run(3), run(4, state, rowsDone)), { progress: false });
  expect(inWords(0, 'waiting')).toBe('Version 4 scoring · shown: version 3');
  expect(inWords(2250, 'running')).toBe(inWords(0, 'waiting'));
});

it('shows no version’s scores during a fallback, though the last complete run is kept', () => {
  expect(shownVersion(scoring(1, 'fallback', run(1), run(1)))).toBeNull();
  expect(shownVersion(scoring(4, 'model', run(3), run(4, 'running', 1)))).toBe(3);
});
