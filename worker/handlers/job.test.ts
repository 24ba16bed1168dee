import { beforeEach, expect, it, vi } from 'vitest';
import type { QueueMessage } from '@/lib/aws/core/queue';
import type { Job } from '@/lib/domain/jobs';
import type { ScoringOutcome } from '@/lib/domain/scoring/verbs/score-customers';
import { encodeJob } from '@/lib/jobs/job-envelope';

let outcome: ScoringOutcome;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
vi.mock('@/lib/deps', () => ({
  tenantContextForSystem: async () => ({ log: quiet, tenant: { state: 'active' } }),
}));
vi.mock('@/lib/domain/scoring/verbs/score-customers', () => ({ scoreCustomers: async () => outcome }));

const { placeOf, runJob } = await import('./job');

const messageOf = (body: string): QueueMessage => ({
  ...{ id: 'm', body, receipt: 'r', receives: 1 },
  ...{ sentAt: null, firstReceivedAt: null },
});
const about = (job: Job): QueueMessage => messageOf(encodeJob(job));

beforeEach(() => {
  outcome = 'scored';
});

it('sends only long work into lanes, by tenant', () => {
  for (const kind of ['churn.refit', 'scores.refresh', 'scores.look', 'scores.compare'] as const) {
    expect(placeOf(about({ kind, tenantId: 'foo' }))).toEqual({ lane: kind, owner: 'foo' });
  }
  expect(placeOf(about({ kind: 'workbench.advance', tenantId: 'foo' }))).toBeNull();
  expect(placeOf(messageOf('no job'))).toBeNull();
});

it('lets only a scoring run whose turn is over continue later', async () => {
  const scoring = about({ kind: 'scores.refresh', tenantId: 'foo' });
  expect(await runJob(scoring)).toEqual({ kind: 'done' });
  outcome = 'paused';
  expect(await runJob(scoring)).toEqual({ kind: 'again' });
});
