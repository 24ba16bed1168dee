import { expect, it } from 'vitest';
import type { CustomerOverview } from '@/lib/domain/crm/ports';
import type { ScoringView } from '@/lib/domain/scoring/verbs/get-scoring';
import { scoringReading } from './scoring-reading';

const now = new Date('2026-03-01T10:05:00Z');

const overview: CustomerOverview = {
  customers: 3000,
  orders: 9000,
  asOf: now,
  firstOrderAt: now,
  lastOrderAt: now,
  importedAt: now,
  histogram: [],
  bands: { low: 0, medium: 0, high: 0 },
  scoring: { state: 'scored', scoredAt: now, version: '1', uncertainty: 0.04 },
  source: { kind: 'model', version: '1' },
};

const run = {
  run: 7,
  version: 1,
  revision: 1,
  askedBy: 'Ada',
  askedAt: now,
  startedAt: now,
  touchedAt: now,
  finishedAt: null,
  rowsTotal: 3000,
  lastCustomer: null,
  failure: null,
};

const scoringAt = (rowsDone: number, state: 'running' | 'done' = 'running'): ScoringView => ({
  active: { version: 1, endpointName: 'churn' },
  circuit: 'closed',
  endpoints: { 1: 'churn' },
  state: {
    mode: 'model',
    since: now,
    reason: null,
    version: 1,
    shownRun: 6,
    breaker: { failures: 0, cause: null, openedAt: null, trials: 0, failedRuns: 0 },
    nextHealthCheckAt: null,
  },
  shown: { ...run, run: 6, state: 'done', rowsDone: 3000 },
  latest: { ...run, state, rowsDone },
});

it('follows a run without rendering the page again, until it ends', () => {
  const begun = scoringReading(overview, scoringAt(100), now);
  const later = scoringReading(overview, scoringAt(2000), now);
  expect(begun).toMatchObject({
    underWay: true,
    words: 'Version 1 active and shown, scoring again.',
    standing: 'Version 1 active and shown, scoring again, 3%',
    run: { rowsDone: 100, rowsTotal: 3000, version: 1, askedBy: 'Ada', state: 'running' },
  });
  expect(later.run?.rowsDone).toBe(2000);
  expect([later.mark, later.words]).toEqual([begun.mark, begun.words]);
  const done = scoringReading(overview, scoringAt(3000, 'done'), now);
  expect(done).toMatchObject({ underWay: false, run: null, words: 'Version 1 active and shown.' });
  expect(done.standing).toBe('Version 1 active and shown');
  expect(scoringReading({ ...overview, customers: 0 }, scoringAt(100), now).underWay).toBe(false);
  expect(done.mark).not.toBe(begun.mark);
});

it.each([{ state: 'none' }, { state: 'stale', since: now }] as const)(
  'is read again while scores are $state, by people who see no models, too',
  (scoring) => {
    const reading = scoringReading({ ...overview, scoring }, null, now);
    expect(reading).toMatchObject({ underWay: true, run: null });
    expect(scoringReading(overview, null, now)).toMatchObject({ underWay: false });
    expect(scoringReading(overview, null, now).mark).not.toBe(reading.mark);
  },
);

it('is read again from an activation until its scores are shown, also before their run is opened', () => {
  const { shown, latest, ...rest } = scoringAt(3000, 'done');
  const activated: ScoringView = {
    ...rest,
    state: { ...rest.state, mode: 'default', shownRun: null },
    shown: null,
    latest,
  };
  expect(scoringReading(overview, activated, now)).toMatchObject({
    underWay: true,
    standing: 'Version 1 active · shown: built-in model',
  });
  const newer: ScoringView = {
    ...rest,
    active: { version: 2, endpointName: 'churn' },
    state: { ...rest.state, version: 2 },
    shown,
    latest,
  };
  expect(scoringReading(overview, newer, now).underWay).toBe(true);
  const failed: ScoringView = { ...activated, latest: latest && { ...latest, state: 'failed' } };
  expect(scoringReading(overview, failed, now).underWay).toBe(false);
});

it('is read again during a fallback, and survives JSON', () => {
  const source = { kind: 'fallback', reason: null, since: now } as const;
  const reading = scoringReading({ ...overview, source }, scoringAt(10), now);
  expect(reading.underWay).toBe(true);
  expect(JSON.parse(JSON.stringify(reading))).toEqual(reading);
});
