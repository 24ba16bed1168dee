import { describe, expect, it } from 'vitest';
import type { CustomerOverview } from '@/lib/domain/crm/ports';
import type { SetupStep } from '@/lib/domain/overview/steps';
import type { Overview } from '@/lib/domain/overview/verbs/get-overview';
import type { ScoringRun } from '@/lib/domain/scoring/ports';
import { neverScored } from '@/lib/domain/scoring/transitions';
import type { ScoringView } from '@/lib/domain/scoring/verbs/get-scoring';
import { overviewReading } from './overview-reading';
import { stepHref } from './words';

const now = new Date('2026-03-01T10:00:00Z');
const step = (
  name: SetupStep['name'],
  state: SetupStep['state'],
  subject: string | null = null,
): SetupStep => ({
  name,
  state,
  subject,
  reason: null,
  by: null,
});
const customers = {
  customers: 3,
  orders: 9,
  scoring: { state: 'scored', scoredAt: now, version: 'bgnbd-1', uncertainty: null },
  source: { kind: 'default' },
} as CustomerOverview;
const quiet: Overview = {
  customers,
  scoring: null,
  steps: [step('import', 'done'), step('workbench', 'current')],
  attention: [],
  underWay: [],
  finished: [],
  unreadable: [],
};
const scoringWith = (rowsDone: number): ScoringView => ({
  state: { ...neverScored(now), version: 1 },
  shown: null,
  latest: { run: 1, version: 1, state: 'running', rowsDone, rowsTotal: 3 } as ScoringRun,
  active: { version: 1, endpointName: 'churn' },
  circuit: 'closed',
  endpoints: { 1: 'churn' },
});

describe('the reading of an overview', () => {
  it('says how far the tenant is, and reads no further without work', () => {
    const reading = overviewReading(quiet, now);
    expect(reading.words).toBe('1 of 2 steps done. Scores are up to date.');
    expect(reading.underWay).toBe(false);
  });

  it('changes its mark with a step, and tells of the failure', () => {
    const failed = { ...quiet, steps: [step('import', 'done'), step('workbench', 'failed')] };
    const reading = overviewReading(failed, now);
    expect(reading.mark).not.toBe(overviewReading(quiet, now).mark);
    expect(reading.words).toContain('Set up the workbench: failed.');
  });

  it('keeps its mark while a run goes on, and reads on', () => {
    const [first, second] = [1, 2].map((rows) =>
      overviewReading({ ...quiet, steps: [], scoring: scoringWith(rows) }, now),
    );
    expect(first?.underWay).toBe(true);
    expect(second?.mark).toBe(first?.mark);
    expect(second?.words).toBe('Version 1 scoring · shown: built-in model.');
  });

  it('reads on while the scores of the first import are computed', () => {
    const first = { ...customers, scoring: { state: 'none' } } as CustomerOverview;
    expect(overviewReading({ ...quiet, customers: first }, now).underWay).toBe(true);
  });
});

it('each step leads to where it is done, or to what it is about', () => {
  const names = ['import', 'workbench', 'extract', 'train', 'test', 'activate'] as const;
  expect(names.map((name) => stepHref(step(name, 'current', name === 'test' ? 'churn' : null)))).toEqual([
    '/customers/import',
    '/workbench',
    '/extracts/new?dataset=churn_training&format=xgboost',
    '/workbench',
    '/model?endpoint=churn',
    '/model',
  ]);
  expect(stepHref(step('extract', 'failed', 'E1'))).toBe('/extracts/E1');
  expect(stepHref(step('extract', 'under way', 'E1'))).toBe('/extracts/E1');
});
