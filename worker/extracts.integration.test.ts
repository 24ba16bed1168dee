import { createHash } from 'node:crypto';
import { GetJobRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tenantClient } from '@/lib/aws/core/clients';
import { tenantBucket } from '@/lib/aws/core/tenant-bucket';
import { closeDatabase } from '@/lib/db/core/client';
import { closeReplica } from '@/lib/db/extracts/replica';
import { tenantContextForSystem } from '@/lib/deps';
import type { TenantContext } from '@/lib/domain/context';
import type { Extract } from '@/lib/domain/extracts/ports';
import type { ExtractDraft } from '@/lib/domain/extracts/schemas';
import { cancelExtract } from '@/lib/domain/extracts/verbs/cancel-extract';
import { downloadExtract } from '@/lib/domain/extracts/verbs/download-extract';
import { estimateExtract } from '@/lib/domain/extracts/verbs/estimate-extract';
import { getExtract } from '@/lib/domain/extracts/verbs/get-extract';
import { listExtracts } from '@/lib/domain/extracts/verbs/list-extracts';
import { previewExtract } from '@/lib/domain/extracts/verbs/preview-extract';
import { retryExtract } from '@/lib/domain/extracts/verbs/retry-extract';
import { submitExtract } from '@/lib/domain/extracts/verbs/submit-extract';
import { bytesOf } from '@/local/testing/database';
import { startTestPostgres, type TestPostgres } from '@/local/testing/postgres';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { WorkerProcess } from './testing/worker-process';

const accounts = { foo: '222222222222', bar: '333333333333' } as const;
type TenantId = keyof typeof accounts;
let stack: ProductAws;
let postgres: TestPostgres;
let environment: Record<string, string>;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres({ standby: true });
  stack = await startProductAws({ stepMs: 250, replicaUrl: postgres.jobUrl });
  const urls = { DATABASE_URL: postgres.portalUrl, DATABASE_REPLICA_URL: postgres.standbyUrl };
  environment = { ...stack.environment, ...urls };
  Object.assign(process.env, urls);
  const admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  for (const [id, accountId] of Object.entries(accounts)) {
    await admin.query('INSERT INTO tenant (id, name, account_id) VALUES ($1, $1, $2)', [id, accountId]);
    await stack.vend(id, accountId);
  }
  const { ports } = await tenantContextForSystem('foo', 'test');
  await ports.orders.import(bytesOf(orderFile()));
  await admin.query(
    `UPDATE crm.customer SET name = 'Canary', email = 'canary@foo.example' WHERE tenant_id = 'foo'`,
  );
  await admin.end();
  workers.push(await WorkerProcess.start(environment));
});
afterEach(() => stack.clearFaults());
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
  await Promise.all([closeDatabase(), closeReplica()]);
  await stack?.stop();
  await postgres?.stop();
});

/** 300 customers with up to five orders each in 2024. */
function orderFile(): string {
  const lines = Array.from({ length: 300 }, (_, n) =>
    Array.from({ length: 1 + (n % 5) }, (_, order) => {
      const day = new Date(Date.UTC(2024, 0, 1 + ((n * 7) % 200) + order * 31)).toISOString().slice(0, 10);
      return `C${String(n).padStart(3, '0')},${day},${1 + (order % 3)},${(5 + (n % 90)).toFixed(2)}`;
    }),
  ).flat();
  return `customer_id,ordered_at,quantity,amount\n${lines.join('\n')}\n`;
}

const patience = { timeout: 90_000, interval: 50 };

async function scientistOf(tenantId: TenantId): Promise<TenantContext> {
  const ctx = await tenantContextForSystem(tenantId, 'test');
  return { ...ctx, actor: { id: 'sub', name: `ada@${tenantId}.example`, roles: ['scientist'] } };
}

async function submit(
  draft: Partial<ExtractDraft> & Pick<ExtractDraft, 'dataset'>,
  tenantId: TenantId = 'foo',
) {
  const { from: _from, to: _to, asOf: _asOf, ...rest } = draft;
  return submitExtract(await scientistOf(tenantId), { draft: rest });
}

function until(requestId: string, isIt: (extract: Extract) => boolean): Promise<Extract> {
  return vi.waitFor(async () => {
    const extract = await getExtract(await scientistOf('foo'), { requestId });
    if (!isIt(extract)) throw new Error(`still ${JSON.stringify(extract)}\n${workers.at(-1)?.said()}`);
    return extract;
  }, patience);
}

const ended = (requestId: string) =>
  until(requestId, ({ state }) => state !== 'queued' && state !== 'running');
const running = (requestId: string) => until(requestId, ({ runId }) => runId !== null);

const silo = (tenantId: TenantId) =>
  tenantClient(S3Client, { kind: 'silo', tenantId, accountId: accounts[tenantId] });
const Bucket = tenantBucket('foo', accounts.foo);

async function keysOf(requestId: string): Promise<string[]> {
  const { Contents = [] } = await silo('foo').send(
    new ListObjectsV2Command({ Bucket, Prefix: `extracts/${requestId}/` }),
  );
  return Contents.flatMap(({ Key }) => Key?.split('/').at(-1) ?? []);
}

async function runsOf(requestId: string): Promise<string[]> {
  const { JobRuns = [] } = await tenantClient(GlueClient, { kind: 'pooled', tenantId: 'foo' }).send(
    new GetJobRunsCommand({ JobName: environment.ANNEX_EXTRACT_JOB }),
  );
  return JobRuns.filter((run) => run.Arguments?.['--request_id'] === requestId).map(({ JobRunState }) =>
    String(JobRunState),
  );
}

describe('an extract', () => {
  it('has the previewed content, masked, with a manifest that describes it', async () => {
    const ctx = await scientistOf('foo');
    const draft = { dataset: 'customers' } as const;
    const preview = await vi.waitFor(async () => {
      const seen = await previewExtract(ctx, draft);
      if (seen.rows.length < 10) throw new Error('the standby is not there yet');
      return seen;
    }, patience);
    const counted = { rows: 300, basis: 'counted' };
    await vi.waitFor(async () => expect(await estimateExtract(ctx, draft)).toMatchObject(counted), patience);
    const { requestId } = await submit(draft);
    const done = await ended(requestId);
    expect(done).toMatchObject({ state: 'done', reason: null, file: { name: 'data.csv', rows: 300 } });

    const { url } = await downloadExtract(ctx, { requestId });
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('300');
    const answer = await fetch(url);
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="customers-foo-[\d-]{10}\.csv"$/,
    );
    const text = await answer.text();
    expect((await fetch(url.replace('data.csv', 'manifest.json'))).status).toBe(403);
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toBe('customer_id,name,email,created_at');
    expect(lines.slice(1, 11)).toEqual(preview.rows.map((row) => row.map((value) => value ?? '').join(',')));
    expect(text.toLowerCase()).not.toContain('canary');
    expect(done.file).toMatchObject({
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    });

    const manifest = await silo('foo').send(
      new GetObjectCommand({ Bucket, Key: `extracts/${requestId}/manifest.json` }),
    );
    expect(JSON.parse((await manifest.Body?.transformToString()) ?? '')).toMatchObject({
      requestId,
      tenant: 'foo',
      dataset: 'customers',
      policyVersion: 1,
      asOf: null,
      snapshot: { revision: 1, at: expect.stringMatching(/^\d{4}-.*Z$/) },
      columns: [
        { name: 'customer_id', mask: 'none' },
        { name: 'name', mask: 'redact' },
        { name: 'email', mask: 'hash' },
        { name: 'created_at', mask: 'none' },
      ],
      ...{ rows: 300, bytes: done.file?.bytes, sha256: done.file?.sha256 },
    });
    expect(await runsOf(requestId)).toEqual(['SUCCEEDED']);
  });

  it.each(['csv', 'xgboost', 'parquet'] as const)('of training data is written as %s', async (format) => {
    const { requestId, asOf } = await submit({ dataset: 'churn_training', format });
    const done = await ended(requestId);
    expect(done).toMatchObject({
      state: 'done',
      file: { name: format === 'parquet' ? 'data.parquet' : 'data.csv' },
    });
    expect(done.file?.rows).toBeGreaterThan(100);
    expect(asOf?.getTime()).toBeLessThan(Date.UTC(2024, 11, 31));
    const { url } = await downloadExtract(await scientistOf('foo'), { requestId });
    const file = Buffer.from(await (await fetch(url)).arrayBuffer());
    if (format === 'xgboost') expect(file.toString().split('\n')[0]).toMatch(/^[01](,[\d.]+){8}$/);
    if (format === 'csv') expect(file.toString()).toMatch(/^customer_id,churned,recency_days,/);
    if (format === 'parquet') expect(file.subarray(0, 4).toString()).toBe('PAR1');
  });

  it('is not available to another tenant', async () => {
    const { requestId } = await submit({ dataset: 'orders' });
    await ended(requestId);
    const bar = await scientistOf('bar');
    for (const verb of [getExtract, downloadExtract, cancelExtract, retryExtract]) {
      await expect(verb(bar, { requestId })).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await listExtracts(bar, {})).extracts).toEqual([]);
    const Key = `extracts/${requestId}/data.csv`;
    await expect(silo('bar').send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('fails with the reason and leaves nothing, and is complete after a retry', async () => {
    await stack.fault('glue.fail', 'foo', { message: 'The replica went away.' });
    const { requestId } = await submit({ dataset: 'orders' });
    expect(await ended(requestId)).toMatchObject({
      state: 'failed',
      reason: 'The replica went away.',
      file: null,
    });
    expect(await keysOf(requestId)).toEqual([]);
    const ctx = await scientistOf('foo');
    await expect(downloadExtract(ctx, { requestId })).rejects.toMatchObject({ code: 'conflict' });
    await retryExtract(ctx, { requestId, attempt: 1 });
    expect(await ended(requestId)).toMatchObject({ state: 'done', attempt: 2 });
    expect((await runsOf(requestId)).toSorted()).toEqual(['FAILED', 'SUCCEEDED']);
  });

  it('whose replica stays away too long for one run is tried again by itself', async () => {
    const message = 'ReplicaUnavailable: The replica does not respond (57P03).';
    await stack.fault('glue.fail', 'foo', { message });
    const { requestId } = await submit({ dataset: 'orders' });
    expect(await ended(requestId)).toMatchObject({ state: 'done', attempt: 2, reason: null });
    expect((await runsOf(requestId)).toSorted()).toEqual(['FAILED', 'SUCCEEDED']);
  });

  it('is cancelled while it runs, and leaves nothing', async () => {
    await stack.fault('glue.slow', 'foo', { message: '30000' });
    const { requestId } = await submit({ dataset: 'orders' });
    await running(requestId);
    await cancelExtract(await scientistOf('foo'), { requestId });
    expect(await ended(requestId)).toMatchObject({ state: 'cancelled' });
    expect(await runsOf(requestId)).toEqual(['STOPPED']);
    expect(await keysOf(requestId)).toEqual([]);
  });

  it('is finished once by the next worker when one is killed', async () => {
    await stack.fault('glue.slow', 'foo', { message: '3000' });
    const { requestId } = await submit({ dataset: 'orders' });
    await running(requestId);
    await workers.at(-1)?.end('SIGKILL');
    workers.push(await WorkerProcess.start(environment));
    expect(await ended(requestId)).toMatchObject({ state: 'done', attempt: 1 });
    expect(await runsOf(requestId)).toEqual(['SUCCEEDED']);
    expect((await keysOf(requestId)).toSorted()).toEqual(['data.csv', 'manifest.json']);
  });

  it('is no longer whole when its file was exchanged', async () => {
    const { requestId } = await submit({ dataset: 'orders' });
    const { file } = await ended(requestId);
    const ctx = await scientistOf('foo');
    const at = (name: string) => ({ Bucket, Key: `extracts/${requestId}/${name}` });
    const put = (name: string, Body: string) => silo('foo').send(new PutObjectCommand({ ...at(name), Body }));
    const other = 'x'.repeat(file?.bytes ?? 0);
    await put('data.csv', other);
    await expect(downloadExtract(ctx, { requestId })).rejects.toThrow(
      'changed after its manifest was written',
    );

    const answer = await silo('foo').send(new GetObjectCommand(at('manifest.json')));
    const { etag, ...before } = JSON.parse((await answer.Body?.transformToString()) ?? '');
    expect(etag).toMatch(/^[0-9a-f]{32}-1$/);
    await put('manifest.json', JSON.stringify(before));
    expect((await downloadExtract(ctx, { requestId })).url).toContain('data.csv');
    await put('data.csv', `${other}x`);
    await expect(downloadExtract(ctx, { requestId })).rejects.toThrow(
      'was removed or changed after it was written',
    );
  });
});
