import { describe, expect, it } from 'vitest';
import { type Figures, figuresOf } from '@/lib/domain/monitoring/figures';
import { readingOf } from '@/lib/domain/testing/metric-readings';
import { notApart, tableOf } from './callers';
import type { LiveView } from './live-view';
import { chartsOf, isDrawn, periodOf, periodsWithData, readingOf as valueIn } from './panels';
import { readView, versionsInWords, viewHref } from './view';

const view = (metrics: LiveView['metrics']): LiveView => ({
  state: 'endpoint',
  range: '1h',
  chosen: { endpointName: 'churn', versions: [1], registered: 1, active: 1 },
  choices: [],
  endpoint: { state: 'there', status: 'InService', reason: null },
  variant: 'AllTraffic',
  variants: ['AllTraffic'],
  window: { from: 0, to: 3600, pinned: false },
  activations: [],
  metrics,
  at: '2026-03-01T10:00:00.000Z',
  underWay: true,
  mark: '',
  words: '',
});
const read = (...given: Parameters<typeof readingOf>) => readFigures(figuresOf(readingOf(...given)));
const readFigures = (figures: Figures) =>
  view({ state: 'read', readAt: '2026-03-01T10:00:00.000Z', messages: [], figures });
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
      invocations: [3, null, 2],
      errors4xx: [0, null, 0],
      errors5xx: [0, null, 0],
      modelP50: [12_000, null, 9000],
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
      { invocations: [3, null, 2] },
      { invocations: 'partial', errors5xx: 'denied', modelP99: 'failed' },
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
    [{ errors4xx: 'failed', errors5xx: 'failed' }, 'failed'],
    [{ errors4xx: 'denied', errors5xx: 'denied' }, 'denied'],
  ] as const)(
    'make no headline, and no zero, of errors that CloudWatch did not give: %j',
    (problems, state) => {
      const client = 'errors4xx' in problems ? [] : [0, 4];
      const charts = chartsOf(read({ invocations: [300, 300], errors4xx: client }, problems));
      const [invocations, errors, success] = charts;
      expect([invocations?.headline, errors?.headline, success?.headline]).toEqual(['600', null, null]);
      expect([errors?.note?.state, success?.note?.state]).toEqual([state, state]);
      expect(errors?.lines.map((line) => valueIn(line, 59))).toEqual(['–']);
      expect(success?.lines.map((line) => valueIn(line, 59))).toEqual(['–']);
    },
  );

  it('lead with the tenant’s applications, and draw Annex’s own calls beside them', () => {
    const given = {
      invocations: [100, 40],
      errors4xx: [8, 1],
      errors5xx: [0, 0],
      testCalls: [15],
      testErrors4xx: [8],
      scoringCalls: [20, 25],
    };
    const [invocations, errors, success] = chartsOf(read(given));
    expect([invocations?.headline, errors?.headline, success?.headline]).toEqual(['80', '1', '98.8%']);
    expect(invocations?.lines.map(({ name }) => name)).toEqual(['Your applications', 'Scoring', 'Tests']);
    // Tests send malformed rows on purpose: no error and no share of theirs is drawn.
    expect(errors?.lines.map(({ name }) => name)).toEqual(['Your applications']);
    expect(success?.lines.map(({ name }) => name)).toEqual(['Your applications', 'Scoring']);
  });

  it('say when only Annex called, and when its calls cannot be taken out', () => {
    const given = { invocations: [5, 5], errors4xx: [0, 0], errors5xx: [0, 0], lookCalls: [5, 5] };
    const [own] = chartsOf(read(given));
    expect([own?.headline, own?.note?.text]).toEqual(['0', 'Only Annex called in the last hour.']);
    const [mixed] = chartsOf(read(given, { lookCalls: 'denied' }));
    expect([mixed?.headline, mixed?.lines.map(({ name }) => name)]).toEqual(['10', ['All callers']]);
    const { figures } = read(given, { lookCalls: 'denied' }).metrics as { figures: Figures };
    expect(notApart(figures)).toContain('AWS doesn’t allow Annex to read');
    expect(tableOf(figures).map(({ caller }) => caller)).toEqual(['scoring', 'look', 'test', 'all']);
    expect(notApart(figuresOf(readingOf(given), true))).toContain('several variants');
    expect(notApart(figuresOf(readingOf(given)))).toBeNull();
  });

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
    const [chart] = chartsOf(read({ invocations: [1200, null, 0] }));
    const line = chart?.lines[0];
    if (!line) throw new Error('no line');
    expect([57, 58, 59].map((index) => valueIn(line, index))).toEqual(['1,200', '–', '0']);
    expect(periodsWithData([line], 60)).toEqual([59, 57]);
  });
});

describe('the address', () => {
  it('is read back as it was written, and leaves out what it cannot be', () => {
    for (const each of [
      { range: '24h' },
      { range: '7d', endpoint: 'churn-b', variant: 'blue' },
      { range: '7d', span: { from: 1_772_359_500, to: 1_772_363_100 } },
    ] as const) {
      const query = Object.fromEntries(new URL(viewHref(each), 'http://x').searchParams);
      expect(readView(query)).toMatchObject(each);
    }
    expect(viewHref({ range: '24h' })).toBe('/monitoring');
    expect(readView({ range: '9y', endpoint: '', variant: '' })).toEqual({ range: '24h' });
    const [from, to] = ['2026-03-01T10:05Z', '2026-03-01T11:05Z'];
    expect(readView({ from, to }).span).toEqual({ from: 1_772_359_500, to: 1_772_363_100 });
    for (const bad of [
      { from },
      { from: to, to: from },
      { from, to: 'now' },
      { from: '2026-13-01T10:05Z', to },
    ]) {
      expect(readView(bad).span).toBeUndefined();
    }
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
