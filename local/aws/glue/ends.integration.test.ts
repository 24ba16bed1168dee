import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import {
  type AskedExtract,
  addTenant,
  column,
  type ExtractBench,
  extractArguments,
  extractBench,
} from '../testing/extract-bench';
import { startTestAws, type TestAws } from '../testing/test-aws';

const accountId = '222222222222';

let postgres: TestDatabase;
let aws: TestAws;
let foo: ExtractBench;

beforeAll(async () => {
  postgres = await createTestDatabase();
  await addTenant(postgres.portalUrl, 'foo', accountId, 100_000);
  aws = await startTestAws({ replicaUrl: postgres.jobUrl });
  await aws.vend('foo', accountId);
  foo = await extractBench(aws, 'foo', accountId);
});
afterAll(async () => {
  await aws?.stop();
  await postgres?.stop();
});
afterEach(() => aws.clearFaults());

const fault = (point: string, message: string) => aws.fault(point, 'foo', { message });

const asked = (given: Partial<AskedExtract> = {}): AskedExtract => ({
  tenantId: 'foo',
  requestId: ulid(),
  ...given,
});

describe('a run that does not get to its end leaves nothing', () => {
  const nothingOf = async (requestId: string) => {
    const { objects, uploads } = await foo.left();
    expect([...objects, ...uploads].filter((key) => key.includes(requestId))).toEqual([]);
  };
  test('when it is stopped in the middle', async () => {
    const request = asked();
    await fault('glue.slow', '60000');
    const id = await foo.start(await extractArguments(postgres.portalUrl, request));
    await foo.until(id, 'RUNNING');
    await expect
      .poll(async () => (await foo.left()).uploads, { timeout: 60_000 })
      .toContain(`extracts/${request.requestId}/data.csv`);
    await foo.stop(id);
    const run = await foo.ended(id);
    expect(run).toMatchObject({ JobRunState: 'STOPPED' });
    expect(run.ErrorMessage).toBeUndefined();
    await nothingOf(request.requestId);
    await expect(foo.stop(id)).rejects.toThrow(/already ended/);
  });

  test('when it is stopped before it has begun', async () => {
    const request = asked();
    const id = await foo.start(await extractArguments(postgres.portalUrl, request));
    await foo.stop(id);
    expect((await foo.ended(id)).JobRunState).toBe('STOPPED');
    await nothingOf(request.requestId);
  });

  test('when it fails with parts sent', async () => {
    const request = asked();
    await fault('glue.fail', 'The replica’s disk is full.');
    const run = await foo.ended(await foo.start(await extractArguments(postgres.portalUrl, request)));
    expect(run).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: 'The replica’s disk is full.' });
    await nothingOf(request.requestId);
  });

  test('when the stand-in ends in the middle: it failed, and can be done again', async () => {
    const request = asked();
    await fault('glue.slow', '60000');
    const id = await foo.start(await extractArguments(postgres.portalUrl, request));
    await expect
      .poll(async () => (await foo.left()).uploads, { timeout: 60_000 })
      .toContain(`extracts/${request.requestId}/data.csv`);
    await aws.restart();
    const run = await foo.ended(id);
    expect(run).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: expect.stringMatching(/interrupted/) });
    await nothingOf(request.requestId);
    await foo.ended(await foo.start(await extractArguments(postgres.portalUrl, request)));
    const manifest = JSON.parse((await foo.read(request.requestId, 'manifest.json')).toString());
    expect(manifest.rows).toBe(100_000);
  });

  test('when the policy does not give the columns', async () => {
    const request = asked({ columns: [column('name')] });
    const run = await foo.ended(await foo.start(await extractArguments(postgres.portalUrl, request)));
    expect(run.ErrorMessage).toBe('The policy gives other columns than the request names.');
    await nothingOf(request.requestId);
  });

  test('when the capacity is not there', async () => {
    await fault('glue.start', 'Glue has no capacity.');
    const run = await foo.ended(await foo.start(await extractArguments(postgres.portalUrl, asked())));
    expect(run).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: 'Glue has no capacity.' });
  });
});
