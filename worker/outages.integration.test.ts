import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { portalClient } from '@/lib/aws/core/clients';
import { encodeJob } from '@/lib/jobs/job-envelope';
import { createTestDatabase } from '@/local/testing/database';
import { type Gate, openGate } from '@/local/testing/gate';
import type { TestDatabase } from '@/local/testing/postgres';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { queues, queueUrlOf } from '@/local/testing/queues';
import { WorkerProcess } from './testing/worker-process';

let stack: ProductAws;
let postgres: TestDatabase;
let database: Gate;
let aws: Gate;
let worker: WorkerProcess;

beforeAll(async () => {
  [postgres, stack] = await Promise.all([createTestDatabase(), startProductAws()]);
  [database, aws] = await Promise.all([openGate(postgres.portalUrl), openGate(stack.origin)]);
  const behind = Object.entries(stack.environment).map(([name, value]) => [
    name,
    value.replaceAll(new URL(stack.origin).host, new URL(aws.url).host),
  ]);
  worker = await WorkerProcess.start({ ...Object.fromEntries(behind), DATABASE_URL: database.url });
  await postgres.as('admin', (admin) => admin.query(`insert into tenant (id, name) values ('foo', 'Foo')`));
});
afterAll(async () => {
  await worker?.end('SIGTERM');
  database?.close();
  aws?.close();
  await Promise.all([stack?.stop(), postgres?.stop()]);
});

const patience = { timeout: 90_000, interval: 50 };

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly dependency?: string;
}

/** What the worker wrote since `from`. Throws for a line that is no JSON. */
const linesSince = (from: number): Line[] =>
  worker
    .said()
    .slice(from)
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const isAbout = (dependency: string, words: RegExp) => (line: Line) =>
  line.dependency === dependency && words.test(line.msg);

it('names an outage of the database once, while jobs and sweeps fail, and its end', async () => {
  const from = worker.said().length;
  database.shut();
  const send = new SendMessageCommand({
    QueueUrl: queueUrlOf(stack.origin, queues.jobs),
    MessageBody: encodeJob({ kind: 'churn.refit', tenantId: 'foo' }),
  });
  for (let n = 0; n < 10; n += 1) await portalClient(SQSClient).send(send);
  const before = database.broken();
  await vi.waitFor(() => expect(database.broken() - before).toBeGreaterThan(12), patience);
  database.open();
  await vi.waitFor(
    () => expect(linesSince(from).filter(isAbout('database', /reachable again after/))).toHaveLength(1),
    patience,
  );
  const warned = linesSince(from).filter(({ level }) => level >= 40);
  expect(warned).toEqual([expect.objectContaining({ dependency: 'database', level: 40 })]);
}, 200_000);

it('names an outage of each AWS service once', async () => {
  const from = worker.said().length;
  aws.shut();
  const before = aws.broken();
  await vi.waitFor(() => expect(aws.broken() - before).toBeGreaterThan(20), patience);
  aws.open();
  for (const service of ['SQS', 'DynamoDB']) {
    await vi.waitFor(
      () => expect(linesSince(from).filter(isAbout(service, /reachable again after/))).toHaveLength(1),
      patience,
    );
  }
  const warned = linesSince(from).filter(({ level }) => level >= 40);
  const named = warned.map(({ dependency }) => dependency).toSorted();
  // The bill is read three times a day, perhaps now.
  expect(named.filter((name) => name !== 'CostExplorer')).toEqual(['DynamoDB', 'SQS']);
  expect(named).toEqual([...new Set(named)]);
}, 200_000);
