import type { JobRun } from '@aws-sdk/client-glue';
import { beforeEach, expect, it, vi } from 'vitest';
import { extractRunner } from './extract-runner';

const listed = vi.hoisted(() => ({ runs: [] as unknown[] }));
vi.mock('@/lib/env', () => ({
  env: () => ({ ANNEX_EXTRACT_JOB: 'job' }),
  logSettings: () => ({ level: 'silent', service: 'test' }),
}));
vi.mock('../core/clients', () => ({ tenantClient: () => ({}) }));
vi.mock('@aws-sdk/client-glue', async (original) => ({
  ...(await original<object>()),
  async *paginateGetJobRuns() {
    yield { JobRuns: listed.runs };
  },
}));

const since = new Date('2026-03-01T08:00:00Z');
const run = (Id: string, manifest: string, more: Record<string, string> = {}): JobRun => ({
  Id,
  StartedOn: since,
  Arguments: { '--tenant_id': 'foo', '--request_id': 'R', '--manifest': manifest, ...more },
});
const manifest = JSON.stringify({ requestId: 'R', attempt: 1 });

beforeEach(() => {
  listed.runs = [];
});

it('finds the runs of an attempt of the tenant’s own request, whatever others wrote into theirs', async () => {
  listed.runs = [
    run('garbled', '{'),
    run('empty', ''),
    run('null', 'null'),
    run('list', '[]'),
    { Id: 'bare', StartedOn: since },
    run('other tenant', manifest, { '--tenant_id': 'bar' }),
    run('other request', manifest, { '--request_id': 'S' }),
    run('other attempt', JSON.stringify({ requestId: 'R', attempt: 2 })),
    run('own', manifest),
  ];
  expect(await extractRunner('foo').find({ requestId: 'R', attempt: 1, since })).toEqual(['own']);
});
