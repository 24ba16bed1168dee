import { describe, expect, it } from 'vitest';
import { type Figures, figuresOf } from '@/lib/domain/monitoring/figures';
import { readingOf } from '@/lib/domain/testing/metric-readings';
import type { LiveView } from './live-view';
import { chartsOf, isDrawn, periodOf, periodsWithData, readingOf as readingOfLine } from './panels';
import { readView, versionsInWords, viewHref } from './view';

const empty = [null, null, null];
const silent: Figures = {
  times: [0, 60, 120],
  periodSeconds: 60,
  invocations: { values: empty, total: null, problem: null },
  model: { p50: empty, p90: empty, p99: empty, problem: null },
  overhead: { p50: empty, p90: empty, p99: empty, problem: null },
  errors: { values: empty, client: empty, server: empty, total: null, problem: null },
  success: { values: empty, total: null, problem: null },
  newest: null,
  late: false,
};

const view = (metrics: LiveView['metrics']): LiveView => ({
  state: 'endpoint',
  range: '1h',
  chosen: { endpointName: 'churn', versions: [1], registered: 1, active: 1 },
  choices: [],
  endpoint: { state: 'there', status: 'InService', reason: null },
  variant: 'AllTraffic',
  variants: ['AllTraffic'],
  metrics,
  at: '2026-03-01T10:00:00.000Z',
  underWay: true,
  mark: '',
  words: '',
});
const read = (figures: Partial<Figures>) =>
  view({
    state: 'read',
    readAt: '2026-03-01T10:00:00.000Z',
    messages: [],
    figures: { ...silent, ...figures },
  });
const states = (given: LiveView) =>
  chartsOf(given).map(({ id, note }) => `${id} ${note?.state ?? 'figures'}`);

it('shows the period that was chosen while newer ones come, and follows the newest data otherwise', () => {
  expect(periodOf([0, 60, 120], 60, 120)).toBe(1);
  expect(periodOf([60, 120, 180], 60, 180)).toBe(0);
  expect(periodOf([120, 180, 240], 60, 180)).toBe(1);
  expect(periodOf([60, 120, 180], null, 120)).toBe(1);
  expect(periodOf([60, 120, 180], null, null)).toBe(2);
});

describe('the panels', () => {
  it('tell silence from zero, and zero from figures', () => {
    expect(states(read({}))).toEqual([
      'invocations none',
      'errors none',
      'success none',
      'model none',
      'overhead none',
    ]);
    const busy = read({
      invocations: { values: [3, null, 2], total: 5, problem: null },
      errors: { values: [0, null, 0], client: empty, server: [0, null, 0], total: 0, problem: null },
      success: { values: [1, null, 1], total: 1, problem: null },
      model: { p50: [12, null, 9], p90: empty, p99: empty, problem: null },
    });
    expect(states(busy)).toEqual([
      'invocations figures',
      'errors zero',
      'success figures',
      'model figures',
      'overhead none',
    ]);
    const [invocations, errors, success] = chartsOf(busy);
    expect([invocations?.headline, errors?.headline, success?.headline]).toEqual(['5', '0', '100.0%']);
    expect(errors?.note?.text).toBe('No errors in 5 calls.');
  });

  it('say which of them is denied, failed or there in part', () => {
    const given = read(
      figuresOf(
        readingOf(
          { invocations: [3, null, 2] },
          { invocations: 'partial', errors5xx: 'denied', modelP99: 'failed' },
        ),
      ),
    );
    expect(states(given)).toEqual([
      'invocations partial',
      'errors denied',
      'success denied',
      'model failed',
      'overhead none',
    ]);
    expect(chartsOf(given).map(({ headline }) => headline)).toEqual([null, null, null, null, null]);
    expect(chartsOf(given).at(-1)?.note?.text).toBe('No data points in the last hour.');
    const drawn = Object.fromEntries(chartsOf(given).map((chart) => [chart.id, isDrawn(chart)]));
    expect(drawn).toMatchObject({ invocations: true, errors: false, model: false });
  });

  it.each([
    [{ errors4xx: 'failed', errors5xx: 'failed' }, 'failed', '–, –, –'],
    [{ errors4xx: 'denied', errors5xx: 'denied' }, 'denied', '–, –, –'],
    [{ errors5xx: 'failed' }, 'failed', '–, 4, –'],
  ] as const)(
    'make no headline, and no zero, of errors that CloudWatch did not give: %j',
    (problems, state, newest) => {
      const client = 'errors4xx' in problems ? [] : [0, 4];
      const charts = chartsOf(
        read(figuresOf(readingOf({ invocations: [300, 300], errors4xx: client }, problems))),
      );
      const [invocations, errors, success] = charts;
      expect([invocations?.headline, errors?.headline, success?.headline]).toEqual(['600', null, null]);
      expect([errors?.note?.state, success?.note?.state]).toEqual([state, state]);
      expect(errors?.lines.map((line) => readingOfLine(line, 59)).join(', ')).toBe(newest);
      expect(success?.lines.map((line) => readingOfLine(line, 59))).toEqual(['–']);
    },
  );

  it('say all the same thing when nothing could be read', () => {
    const failed = (code: 'dependency_denied' | 'throttled') =>
      new Set(
        chartsOf(view({ state: 'failed', failure: { code, message: '' } })).map(({ note }) => note?.state),
      );
    expect(failed('dependency_denied')).toEqual(new Set(['denied']));
    expect(failed('throttled')).toEqual(new Set(['failed']));
    expect(chartsOf(view({ state: 'nothing' }))[0]?.note?.text).toContain('from the last two weeks');
    expect(new Set(states(view({ state: 'nothing' })).map((each) => each.split(' ')[1]))).toEqual(
      new Set(['none']),
    );
  });

  it('read a period off exactly, and table those with data, newest first', () => {
    const [chart] = chartsOf(read({ invocations: { values: [1200, null, 0], total: 1200, problem: null } }));
    const line = chart?.lines[0];
    if (!line) throw new Error('no line');
    expect([0, 1, 2].map((index) => readingOfLine(line, index))).toEqual(['1,200', '–', '0']);
    expect(periodsWithData([line], 3)).toEqual([2, 0]);
  });
});

describe('the address', () => {
  it('is read back as it was written, and leaves out what it cannot be', () => {
    for (const each of [{ range: '24h' }, { range: '7d', endpoint: 'churn-b', variant: 'blue' }] as const) {
      const query = Object.fromEntries(new URL(viewHref(each), 'http://x').searchParams);
      expect(readView(query)).toMatchObject(each);
    }
    expect(viewHref({ range: '24h' })).toBe('/monitoring');
    expect(readView({ range: '9y', endpoint: '', variant: '' })).toEqual({ range: '24h' });
  });
});

it('says which versions share the figures of an endpoint', () => {
  const words = (versions: readonly number[], active: number | null, registered = versions.length) =>
    versionsInWords({ endpointName: 'churn', versions, registered, active });
  expect(words([1], 1)).toBe('version 1, active');
  expect(words([4], null)).toBe('version 4, not active');
  expect(words([3, 2, 1], 2)).toBe('versions 3, 2 and 1; version 2 is active');
  expect(words([9, 8], 3, 1008)).toBe('versions 9, 8 and 1,006 older; version 3 is active');
  expect(words([2, 1], null)).toBe('versions 2 and 1; none is active');
});
