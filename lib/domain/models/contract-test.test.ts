import { describe, expect, it, vi } from 'vitest';
import { AnnexError } from '@/lib/errors';
import {
  churnOf,
  deploymentOf,
  FakeEndpoints,
  type FakeModel,
  modelThat,
  rowsOf,
  worded,
} from '../testing/model-world';
import { contractTest } from './contract-test';
import { churnInterface } from './interface';
import type { ContractReport } from './ports';

const now = () => new Date('2026-03-01T10:00:00Z');

function tested(model: FakeModel, more: Parameters<FakeEndpoints['host']>[2] = {}): Promise<ContractReport> {
  return contractTest(new FakeEndpoints().host('churn', model, more), 'churn', { now });
}

const failed = ({ checks }: ContractReport) =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
const find = ({ checks }: ContractReport, id: string) => checks.find((check) => check.id === id);

describe('a model that keeps the interface', () => {
  it('passes with both content types', async () => {
    const report = await tested(modelThat());
    expect(failed(report)).toEqual([]);
    expect(report).toMatchObject({
      passed: true,
      endpointName: 'churn',
      testedAt: now(),
      deployment: deploymentOf('churn-1'),
      contentTypes: ['text/csv', 'application/json'],
      latencyMs: { rows1: 1, rows100: 1 },
    });
    expect(report.checks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'in-service passed',
      'reachable passed',
      'content-types passed',
      'one-answer-a-row passed',
      'in-range passed',
      'graded passed',
      'order passed',
      'deterministic passed',
      'malformed passed',
      'short-row passed',
      'latency passed',
      'same-model passed',
    ]);
    expect(find(report, 'order')).toMatchObject({
      sent: expect.stringMatching(/^text\/csv, 20 rows, \d+ bytes: /),
      received: expect.stringMatching(/^200, text\/csv, \d+ bytes, 1 ms: 0\.\d/),
    });
  });

  it('is asked as often as the page says', async () => {
    const endpoints = new FakeEndpoints().host('churn', modelThat(), {});
    await contractTest(endpoints, 'churn', { now });
    expect(endpoints.requests).toHaveLength(churnInterface.testRequests);
  });

  it.each([
    ['text/csv', 'application/json'],
    ['application/json', 'text/csv'],
  ] as const)('passes with %s alone', async (spokenType, silent) => {
    const report = await tested((type, body) =>
      type === spokenType ? modelThat()(type, body) : { status: 415, text: 'Unsupported' },
    );
    expect(report).toMatchObject({ passed: true, contentTypes: [spokenType] });
    expect(find(report, 'content-types')?.finding).toContain(
      `${silent}: not accepted. The model returned status 415`,
    );
  });

  it('is not scored in a content type that gives other answers', async () => {
    const report = await tested((type, body) =>
      modelThat((values) => (type === 'text/csv' ? values : values.map((value) => 1 - value)))(type, body),
    );
    expect(report).toMatchObject({ passed: true, contentTypes: ['text/csv'] });
    expect(find(report, 'content-types')?.finding).toContain('application/json: different answers');
  });

  it('may take a row of seven, as SageMaker’s XGBoost does, which the report notes', async () => {
    const filled = (body: string) => (body.split(',').length === 7 ? `${body},0` : body);
    const report = await tested((type, body) =>
      type === 'text/csv' ? modelThat()(type, filled(body)) : { status: 415, text: 'Unsupported' },
    );
    expect(report).toMatchObject({ passed: true, contentTypes: ['text/csv'] });
    expect(find(report, 'short-row')).toMatchObject({
      outcome: 'noted',
      finding: expect.stringContaining('Accepted: dropped values would go unnoticed. text/csv: 200.'),
      sent: 'text/csv, 1 row, 25 bytes: 3,12,41.5,640,4,166,57.91',
      received: expect.stringMatching(/^200, text\/csv/),
    });
    expect(find(report, 'malformed')?.finding).toBe(
      'Rejected: words instead of numbers (text/csv): 400; a truncated second line (text/csv): 400.',
    );
  });

  it('may round in another way in another batch, and answer the same for everybody', async () => {
    expect(
      await tested(modelThat((values) => values.map((value) => value + values.length * 1e-8))),
    ).toMatchObject({
      passed: true,
    });
    const constant = await tested(modelThat((values) => values.map(() => 0.5)));
    expect(constant.passed).toBe(true);
    expect(find(constant, 'order')?.finding).toContain('order can’t be verified');
  });

  it.each([
    ['labels', (p: number) => (p < 0.5 ? 0 : 1), 'Every answer is exactly 0 or 1'],
    ['one label', () => 1, 'All 100 rows got 1.'],
    ['one probability', () => 0.5, 'All 100 rows got 0.5.'],
    ['labels in disguise', (p: number) => (p < 0.5 ? 0.2 : 0.8), 'only 2 different answers: 0.2 and 0.8.'],
    [
      'labels that rounding hides',
      (p: number, i: number) => (p < 0.5 ? 0.2 : 0.8) + i * 1e-9,
      'only 2 different answers: 0.2 and 0.8.',
    ],
    [
      'labels but for a few rows',
      (p: number) => (p < 0.3 ? 0 : p > 0.32 ? 1 : p),
      /\d\d of 100 answers are exactly 0 or 1/,
    ],
  ])('may answer %s, which the report notes', async (_what, answerOf, words) => {
    const report = await tested(modelThat((values) => values.map(answerOf)));
    expect(report.passed).toBe(true);
    expect(find(report, 'graded')).toMatchObject({ outcome: 'noted', finding: expect.stringMatching(words) });
  });

  it.each([
    ['saturates at both ends', (p: number) => (p < 0.15 ? 0 : p > 0.9 ? 1 : p)],
    ['has two decimals', (p: number) => Math.round(p * 100) / 100],
    ['has few leaves', (p: number) => Math.round(p * 8) / 8],
    ['is sure of everybody', (p: number) => p / 1000],
  ])('may be one that %s: its probabilities are graded', async (_what, answerOf) => {
    const report = await tested(modelThat((values) => values.map(answerOf)));
    expect(report.passed).toBe(true);
    expect(find(report, 'graded')).toMatchObject({ outcome: 'passed' });
  });
});

describe('a model that does not', () => {
  let turn = 0;
  const cases: [string, FakeModel, string[]][] = [
    ['answers too many', modelThat((values) => [...values, 0.5]), ['one-answer-a-row']],
    ['answers too few', modelThat((values) => values.slice(1)), ['one-answer-a-row']],
    ['answers NaN', modelThat((values) => ['NaN', ...values.slice(1)]), ['in-range']],
    ['answers percent', modelThat((values) => values.map((value) => value * 100)), ['in-range']],
    ['turns its answers round', modelThat((values) => values.toReversed()), ['order']],
    ['sorts its answers', modelThat((values) => values.toSorted()), ['order']],
    ['ranks within the batch', modelThat((values) => values.map((_, i) => i / values.length)), ['order']],
    [
      'changes order in large batches alone',
      modelThat((values) => (values.length > 50 ? values.toReversed() : values)),
      ['order'],
    ],
    [
      'gives up on large batches',
      (type, body) =>
        rowCount(body) > 50 ? { status: 500, text: 'out of memory' } : modelThat()(type, body),
      ['one-answer-a-row', 'order', 'deterministic'],
    ],
    [
      'answers as it likes',
      modelThat((values) => values.map((_, i) => ((i * 7 + ++turn * 13) % 101) / 101)),
      ['order', 'deterministic'],
    ],
    ['answers HTML', () => ({ text: '<html>login</html>', contentType: 'text/html' }), ['content-types']],
    ['answers nothing', () => ({ text: '' }), ['content-types']],
    ['fails', () => ({ status: 500, text: 'Traceback' }), ['content-types']],
    [
      'answers JSON of another shape',
      (type, body) => ({ text: JSON.stringify(scores(type, body)) }),
      ['content-types'],
    ],
    [
      'takes anything',
      (type, body) => ({
        text: worded(
          type,
          body.split(/\n|\},/).map(() => 0.5),
        ),
      }),
      ['malformed'],
    ],
    [
      'breaks of malformed input',
      (type, body) => ({ ...modelThat()(type, body), ...(malformed(type, body) ? { status: 500 } : {}) }),
      ['malformed'],
    ],
  ];

  it.each(cases)('because it %s fails, and says where', async (_what, model, expected) => {
    const report = await tested(model);
    expect(report.passed).toBe(false);
    expect(failed(report)).toEqual(expected);
    expect(report.checks).toHaveLength(12);
    for (const check of report.checks) {
      if (check.outcome !== 'failed') continue;
      expect(check.finding.length).toBeGreaterThan(10);
      expect(check.sent).not.toBeNull();
      expect(check.received).not.toBeNull();
    }
  });

  const rowCount = (body: string) => body.split(/\n|\},/).length;
  const scores = (...request: Parameters<FakeModel>) => rowsOfOrNone(...request).map(churnOf);
  const rowsOfOrNone = (...request: Parameters<FakeModel>) => {
    try {
      return rowsOf(...request);
    } catch {
      return [];
    }
  };
  const malformed = (...request: Parameters<FakeModel>) => rowsOfOrNone(...request).length === 0;

  it('is distinguished from one that a malformed request kills', async () => {
    let dead = false;
    const endpoints = new FakeEndpoints().host('churn', modelThat());
    endpoints.fault = ({ contentType, body }) => {
      dead ||= malformed(contentType, body);
      return dead ? new AnnexError('dependency_failed', 'The endpoint did not answer within 5000 ms.') : null;
    };
    const report = await contractTest(endpoints, 'churn', { now });
    expect(failed(report)).toContain('malformed');
    expect(find(report, 'deterministic')).toMatchObject({ outcome: 'failed', received: 'no answer' });
    expect(report.latencyMs).toEqual({ rows1: null, rows100: null });
  });

  it('writes nothing into the report that a database refuses', async () => {
    const report = await tested(() => ({ text: '\0\u{1b}[2J'.repeat(1000) }));
    expect(JSON.stringify(report)).not.toContain('\\u0000');
    expect(JSON.stringify(report).length).toBeLessThan(20_000);
  });
});

describe('an endpoint', () => {
  it('that is not there, or not in service, is asked nothing', async () => {
    const endpoints = new FakeEndpoints();
    const missing = await contractTest(endpoints, 'churn', { now });
    expect(failed(missing)).toEqual(['in-service']);
    expect(missing.checks.filter(({ outcome }) => outcome === 'skipped')).toHaveLength(11);
    const reason = 'The primary container did not pass the ping health check.';
    endpoints.host('churn', modelThat(), { status: 'Failed', failureReason: reason });
    expect(find(await contractTest(endpoints, 'churn', { now }), 'in-service')?.finding).toContain(reason);
    expect(endpoints.requests).toEqual([]);
  });

  it.each([
    ['deployed', { deployment: deploymentOf('churn-2') }],
    ['being deployed', { status: 'Updating', pendingConfigName: 'churn-2' }],
  ] as const)('where another model is %s while it is tested fails, and says so', async (_what, change) => {
    const endpoints = new FakeEndpoints().host('churn', modelThat());
    endpoints.fault = () => {
      if (endpoints.requests.length === 3) endpoints.host('churn', modelThat(), change);
      return null;
    };
    const report = await contractTest(endpoints, 'churn', { now });
    expect(report).toMatchObject({ passed: false, deployment: deploymentOf('churn-1') });
    expect(failed(report)).toEqual(['same-model']);
    expect(find(report, 'same-model')?.finding).toContain(
      'configuration changed during the test from churn-1 to churn-2',
    );
  });

  it('that disappears during its test, or hangs, yields one clear failure', async () => {
    for (const fault of [
      new AnnexError('not_found', 'The endpoint no longer exists.'),
      new AnnexError('dependency_failed', 'The endpoint did not answer within 5000 ms.'),
    ]) {
      const endpoints = new FakeEndpoints().host('churn', modelThat());
      endpoints.fault = () => fault;
      const report = await contractTest(endpoints, 'churn', { now });
      expect(failed(report)).toEqual(['reachable', 'content-types']);
      expect(find(report, 'reachable')?.finding).toBe(fault.message);
    }
  });

  it('takes no longer than the whole test may, however slow each answer', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const deadlines: number[] = [];
      const endpoints = new FakeEndpoints().host('churn', modelThat());
      const invoke = endpoints.invoke.bind(endpoints);
      endpoints.invoke = async (request) => {
        deadlines.push(request.deadlineMs);
        vi.advanceTimersByTime(Math.min(400, request.deadlineMs));
        return invoke(request);
      };
      const report = await contractTest(endpoints, 'churn', {
        now,
        limits: { requestMs: 500, totalMs: 1500 },
      });
      expect(performance.now()).toBeLessThanOrEqual(1501);
      expect(Math.max(...deadlines)).toBe(500);
      expect(deadlines.at(-1)).toBeLessThan(500);
      expect(report.passed).toBe(false);
      expect(report.checks.find(({ outcome }) => outcome === 'failed')?.finding).toContain('ran out of time');
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['dependency_denied', 'throttled'] as const)(
    'that AWS answers %s for is no bad model',
    async (code) => {
      const endpoints = new FakeEndpoints().host('churn', modelThat());
      endpoints.fault = () => new AnnexError(code, 'no');
      await expect(contractTest(endpoints, 'churn', { now })).rejects.toMatchObject({ code });
    },
  );
});
