import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import {
  type AskedExtract,
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
  aws = await startTestAws({ replicaUrl: postgres.portalUrl });
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
  accountId,
  requestId: ulid(),
  statement: 'SELECT n AS label, n * 0.5::float8 AS half FROM generate_series(1, $1) AS n',
  values: [{ type: 'int', value: '1000000' }],
  columns: [
    { name: 'label', type: 'int' },
    { name: 'half', type: 'float' },
  ],
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
    const id = await foo.start(extractArguments(request));
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
    const id = await foo.start(extractArguments(request));
    await foo.stop(id);
    expect((await foo.ended(id)).JobRunState).toBe('STOPPED');
    await nothingOf(request.requestId);
  });

  test('when it fails with parts sent', async () => {
    const request = asked();
    await fault('glue.fail', 'The replica’s disk is full.');
    const run = await foo.ended(await foo.start(extractArguments(request)));
    expect(run).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: 'The replica’s disk is full.' });
    await nothingOf(request.requestId);
  });

  test('when the stand-in ends in the middle: it failed, and can be done again', async () => {
    const request = asked();
    await fault('glue.slow', '60000');
    const id = await foo.start(extractArguments(request));
    await expect
      .poll(async () => (await foo.left()).uploads, { timeout: 60_000 })
      .toContain(`extracts/${request.requestId}/data.csv`);
    await aws.restart();
    const run = await foo.ended(id);
    expect(run).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: expect.stringMatching(/interrupted/) });
    await nothingOf(request.requestId);
    await foo.ended(await foo.start(extractArguments(request)));
    const manifest = JSON.parse((await foo.read(request.requestId, 'manifest.json')).toString());
    expect(manifest.rows).toBe(1_000_000);
  });

  test('when the statement does not give the columns', async () => {
    const request = asked({ columns: [{ name: 'label', type: 'int' }] });
    const run = await foo.ended(await foo.start(extractArguments(request)));
    expect(run.ErrorMessage).toBe('The query returns the columns label, half, but the request names label.');
    await nothingOf(request.requestId);
  });

  test('when the capacity is not there', async () => {
    await fault('glue.start', 'Glue has no capacity.');
    const run = await foo.ended(await foo.start(extractArguments(asked())));
    expect(run).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: 'Glue has no capacity.' });
  });
});
