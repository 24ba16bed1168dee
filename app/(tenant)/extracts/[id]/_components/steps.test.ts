import { expect, it } from 'vitest';
import type { Extract } from '@/lib/domain/extracts/ports';
import { submitted } from '@/lib/domain/testing/extract-world';
import { stepsOf } from './steps';

const started = new Date('2026-03-01T10:00:00Z');
const now = new Date('2026-03-01T10:05:00Z');

async function shown(change: Partial<Extract>) {
  const [, run, end] = stepsOf({ ...(await submitted()).single(), ...change }, now);
  return { run: run?.title, at: run?.at, end: end?.what };
}

it('does not call a run started that nobody knows of', async () => {
  expect(await shown({ state: 'running', startedAt: started })).toEqual({
    run: 'Starting a run',
    at: null,
    end: 'The manifest is written last, once the file is complete',
  });
  expect(await shown({ state: 'failed', startedAt: started, finishedAt: now })).toMatchObject({
    run: 'Not started',
    at: null,
  });
});

it('calls no file written before it is', async () => {
  const extract = (await submitted()).single();
  const last = (change: Partial<Extract>) => stepsOf({ ...extract, ...change }, now).at(-1)?.title;
  expect(last({ state: 'queued' })).toBe('File not written yet');
  expect(last({ state: 'running', startedAt: started, runId: 'jr_1' })).toBe('File not written yet');
  expect(last({ state: 'done', startedAt: started, runId: 'jr_1', finishedAt: now })).toBe('File written');
});

it('says that an extract waits for the replica, and tries again by itself', async () => {
  const [submission, run] = stepsOf(
    {
      ...(await submitted()).single(),
      state: 'queued',
      attempt: 3,
      reason: 'The replica does not respond (57P03).',
    },
    now,
  );
  expect(submission?.title).toBe('Submitted');
  expect(run).toMatchObject({
    title: 'Waiting for the replica',
    what: 'The replica does not respond (57P03). Annex retries automatically for up to a day',
    tone: 'warning',
  });
});

it('counts from the start of the run that there is', async () => {
  expect(await shown({ state: 'running', startedAt: started, runId: 'jr_1' })).toEqual({
    run: 'Run started',
    at: started,
    end: 'Elapsed: 5 min 00 s',
  });
});

it.each([
  ['queued', 'neutral'],
  ['running', 'neutral'],
  ['done', 'done'],
  ['failed', 'failed'],
  ['cancelled', 'neutral'],
] as const)('ends an extract that is %s as %s: only a written file has a tick', async (state, tone) => {
  const finishedAt = state === 'queued' || state === 'running' ? null : now;
  expect(stepsOf({ ...(await submitted()).single(), state, finishedAt }, now).at(-1)?.tone).toBe(tone);
});
