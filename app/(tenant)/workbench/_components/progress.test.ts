import { expect, it } from 'vitest';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { progressOf } from './progress';

const now = new Date('2026-03-01T10:05:00Z');
const step = { startedAt: now, finishedAt: null, reason: null };

const readingOf = (state: WorkbenchRequest['state'], domain: WorkbenchRequest['steps'][number]['state']) =>
  progressOf(
    {
      requestId: '01JNX',
      attempt: 1,
      state,
      steps: [
        { ...step, name: 'account', state: 'done' },
        { ...step, name: 'domain', state: domain },
      ],
    },
    now,
    { account: { ms: 1000, runs: 3 }, baseline: null, domain: null },
  );

it('calls the steps as the page does', () => {
  expect(readingOf('provisioning', 'running')).toMatchObject({
    underWay: true,
    words: 'In progress: Studio domain',
  });
  expect(readingOf('failed', 'failed')).toMatchObject({
    underWay: false,
    words: 'A step failed: Studio domain',
  });
  expect(readingOf('ready', 'done')).toMatchObject({ underWay: false, words: 'Your workbench is ready' });
});

it('tells how long a step usually takes', () => {
  const { steps } = readingOf('provisioning', 'running');
  expect(steps.map(({ usual }) => usual)).toEqual([{ ms: 1000, runs: 3 }, null]);
});

it('has the page rendered again when setup ends, not at each step', () => {
  const { mark } = readingOf('provisioning', 'running');
  expect(readingOf('provisioning', 'pending').mark).toBe(mark);
  expect(readingOf('ready', 'done').mark).not.toBe(mark);
});
