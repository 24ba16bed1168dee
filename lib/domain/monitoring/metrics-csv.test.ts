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

it('has one line per period, and leaves missing figures empty', async () => {
  const lines = await linesOf(calls);
  expect(lines).toHaveLength(61);
  expect(lines[0]).toBe(
    '"period_start","period_seconds","invocations","errors_4xx","errors_5xx","errors","success_rate",' +
      '"model_p50_ms","model_p90_ms","model_p99_ms","overhead_p50_ms","overhead_p90_ms","overhead_p99_ms","problems"',
  );
  expect(lines[1]).toBe('"2026-03-01T09:08:00.000Z",60,,,,,,,,,,,,""');
  expect(lines.at(-1)).toBe('"2026-03-01T10:07:00.000Z",60,600,6,0,6,0.99,1.5,,,,,,""');
});

it('names in every line what CloudWatch did not return, and does not show it as zero', async () => {
  const lines = await linesOf({ ...calls, errors5xx: [] }, { errors5xx: 'denied', modelP90: 'partial' });
  const problems = 'errors denied; success_rate denied; model partial';
  expect(lines.at(-1)).toBe(`"2026-03-01T10:07:00.000Z",60,600,6,,,,1.5,,,,,,"${problems}"`);
  expect(lines[1]).toBe(`"2026-03-01T09:08:00.000Z",60,,,,,,,,,,,,"${problems}"`);
});
