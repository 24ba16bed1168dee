import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const quick = vi.fn(async () => 0);
const hanging = vi.fn(() => new Promise<number>(() => {}));
vi.mock('@/lib/deps', () => ({ controlContextForSystem: () => ({}) }));
vi.mock('@/lib/log', () => ({ log: { info: () => {}, warn: () => {} } }));
vi.mock('@/lib/domain/workbench/verbs/sweep-workbenches', () => ({ sweepWorkbenches: () => hanging() }));
vi.mock('@/lib/domain/churn/verbs/sweep-scores', () => ({ sweepScores: () => quick() }));
vi.mock('@/lib/domain/extracts/verbs/sweep-extracts', () => ({ sweepExtracts: () => quick() }));
vi.mock('@/lib/domain/scoring/verbs/sweep-scoring', () => ({ sweepScoring: () => quick() }));

const { startSweeping } = await import('./sweeper');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('waits for a sweep before the next, and not for one that hangs', async () => {
  const stop = startSweeping({ seconds: 15, billSeconds: 28_800, measureSeconds: 3600 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hanging).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(hanging).toHaveBeenCalledTimes(2);
  expect(quick).toHaveBeenCalledTimes(6);
  const stopped = stop();
  await vi.advanceTimersByTimeAsync(300_000);
  await stopped;
});
