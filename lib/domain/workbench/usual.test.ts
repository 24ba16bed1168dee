import { expect, it } from 'vitest';
import type { WorkbenchStep } from './ports';
import { usualOf } from './usual';

const step = (name: WorkbenchStep['name'], seconds: number | null): WorkbenchStep => ({
  name,
  state: seconds === null ? 'running' : 'done',
  startedAt: new Date(0),
  finishedAt: seconds === null ? null : new Date(seconds * 1000),
  reason: null,
});

it('is the median of the steps that are done, by step', () => {
  const standings = [
    { steps: [step('account', 10), step('baseline', 2)] },
    { steps: [step('account', 40), step('baseline', 4)] },
    { steps: [step('account', 20), step('baseline', null)] },
  ];
  expect(usualOf(standings)).toEqual({
    account: { ms: 20_000, runs: 3 },
    baseline: { ms: 3000, runs: 2 },
    domain: null,
  });
  expect(usualOf([])).toEqual({ account: null, baseline: null, domain: null });
});
