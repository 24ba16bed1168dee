import { expect, it } from 'vitest';
import { readingOf } from '../testing/metric-readings';
import { figuresOf } from './figures';
import { metricsCsv } from './metrics-csv';

async function linesOf(...given: Parameters<typeof readingOf>): Promise<string[]> {
  let text = '';
  for await (const chunk of metricsCsv(figuresOf(readingOf(...given)))) text += chunk;
  return text.split('\r\n').filter(Boolean);
}

const calls = { invocations: [600], errors4xx: [6], errors5xx: [0], modelP50: [1500] };

/** The cells of a line by column. */
function cellsOf(lines: readonly string[], at: number): Record<string, string> {
  const [header = '', line = ''] = [lines[0], lines.at(at)];
  const cells = line.split(',');
  return Object.fromEntries(
    header.split(',').map((name, index) => [JSON.parse(name) as string, cells[index] ?? '']),
  );
}

it('has one line per period, and leaves missing figures empty', async () => {
  const lines = await linesOf({ ...calls, testCalls: [12], testErrors4xx: [6], lookUnanswered: [1] });
  expect(lines).toHaveLength(61);
  expect(Object.values(cellsOf(lines, 1)).filter(Boolean)).toEqual([
    '"2026-03-01T09:08:00.000Z"',
    '60',
    '""',
  ]);
  expect(cellsOf(lines, -1)).toMatchObject({
    period_start: '"2026-03-01T10:07:00.000Z"',
    invocations: '600',
    errors_4xx: '6',
    errors: '6',
    success_rate: '0.99',
    applications_invocations: '588',
    applications_errors: '0',
    applications_success_rate: '1',
    contract_tests_invocations: '12',
    contract_tests_errors_4xx: '6',
    health_checks_unanswered: '1',
    scoring_invocations: '',
    model_p50_ms: '1.5',
    model_p90_ms: '',
    problems: '""',
  });
});

it('names in every line what CloudWatch did not return, and does not show it as zero', async () => {
  const lines = await linesOf({ ...calls, errors5xx: [] }, { errors5xx: 'denied', modelP90: 'partial' });
  const problems = '"errors denied; success_rate denied; applications denied; model partial"';
  expect(cellsOf(lines, -1)).toMatchObject({ errors_4xx: '6', errors_5xx: '', errors: '', problems });
  expect(cellsOf(lines, 1)).toMatchObject({ invocations: '', problems });
});

it('leaves the columns of applications empty when Annex’s own calls are unknown', async () => {
  const lines = await linesOf(calls, { testCalls: 'failed' });
  expect(cellsOf(lines, -1)).toMatchObject({
    invocations: '600',
    applications_invocations: '',
    problems: '"applications failed; contract_tests failed"',
  });
});
