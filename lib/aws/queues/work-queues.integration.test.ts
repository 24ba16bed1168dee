import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { HeldLetter } from '@/lib/domain/queues/ports';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { queues, queueUrlOf } from '@/local/testing/queues';
import { portalClient } from '../core/clients';
import { sqsQueue } from '../core/queue';
import { workQueues } from './work-queues';

let aws: ProductAws;
beforeAll(async () => {
  aws = await startProductAws();
});
afterEach(() => aws.clearFaults());
afterAll(() => aws.stop());

const sqs = () => portalClient(SQSClient);
const url = (name: string) => queueUrlOf(aws.origin, name);
const send = (name: string, MessageBody: string, more = {}) =>
  sqs().send(new SendMessageCommand({ QueueUrl: url(name), MessageBody, ...more }));

const nothing = () => null;
const known = (body: string) => (body.startsWith('job ') ? { kind: body, tenantId: 'foo', ids: {} } : null);
const port = () => workQueues({ jobs: known, events: nothing });

/** Bodies of all messages that can be received now. */
async function bodiesIn(name: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs().send(
      new ReceiveMessageCommand({ QueueUrl: url(name), MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies.sort();
    for (const { Body = '', ReceiptHandle } of Messages) {
      bodies.push(Body);
      await sqs().send(new DeleteMessageCommand({ QueueUrl: url(name), ReceiptHandle }));
    }
  }
}

async function visible(name: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const { Attributes } = await sqs().send(
    new GetQueueAttributesCommand({ QueueUrl: url(name), AttributeNames }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

beforeEach(async () => {
  for (const name of Object.values(queues)) await sqs().send(new PurgeQueueCommand({ QueueUrl: url(name) }));
});

const letters = async () => port().deadLetters('jobs', 50);
async function held(body: string): Promise<HeldLetter> {
  const found = (await letters()).find((letter) => letter.body === body);
  const letter = await port().hold('jobs', found?.id ?? '');
  if (!letter) throw new Error('not held');
  return letter;
}

it('counts what waits, what is in hand, what is for later and the dead letters', async () => {
  for (const body of ['a', 'b', 'c']) await send(queues.jobs, body);
  await send(queues.jobs, 'later', { DelaySeconds: 900 });
  await sqs().send(new ReceiveMessageCommand({ QueueUrl: url(queues.jobs), VisibilityTimeout: 60 }));
  await send(queues.jobsDeadLetters, 'dead');
  await send(queues.eventsDeadLetters, 'dead too');
  await sqs().send(
    new ReceiveMessageCommand({ QueueUrl: url(queues.eventsDeadLetters), VisibilityTimeout: 60 }),
  );
  expect(await port().standings()).toEqual([
    { queue: 'jobs', waiting: 2, inFlight: 1, delayed: 1, dead: { count: 1, maxReceives: 10 } },
    { queue: 'events', waiting: 0, inFlight: 0, delayed: 0, dead: { count: 1, maxReceives: 10 } },
  ]);
});

it('reads the age that CloudWatch has, and knows when there is none', async () => {
  const queue = (QueueName: string) =>
    ['111122223333', 'AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName }] as const;
  const { cloudWatch } = aws.standIn.services;
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  cloudWatch.put(...queue(queues.jobs), 40, 'Seconds', minute - 3 * 60_000);
  cloudWatch.put(...queue(queues.jobs), 4000, 'Seconds', minute + 1);
  await vi.waitFor(async () => expect((await port().ages()).jobs).toBe(4000), { timeout: 10_000 });
});

it('reports the age of the oldest message as SQS does', async () => {
  const sentAt = Date.now();
  await send(queues.events, 'waits');
  await vi.waitFor(() => expect(Date.now() - sentAt).toBeGreaterThanOrEqual(1000), { timeout: 10_000 });
  await aws.restart();
  await vi.waitFor(async () => expect((await port().ages()).events).toBeGreaterThanOrEqual(1), {
    timeout: 10_000,
  });
});

it('reads what the worker wrote when it buried a message, and puts everything back', async () => {
  const queue = sqsQueue(url(queues.jobs));
  await send(queues.jobs, 'job one');
  await send(queues.jobsDeadLetters, 'moved by SQS');
  const options = { max: 1, waitSeconds: 0, hiddenSeconds: 30, signal: AbortSignal.timeout(10_000) };
  const [message] = await queue.receive(options);
  if (!message) throw new Error('no message');
  expect([message.receives, await queue.isLastReceive(message)]).toEqual([1, false]);
  expect(await queue.isLastReceive({ ...message, receives: 10 })).toBe(true);
  expect(await queue.bury({ ...message, receives: 10 }, 'throttled: Slow\u0000 down.')).toBe(true);

  const found = await letters();
  expect(found.find(({ body }) => body === 'job one')).toMatchObject({
    subject: { kind: 'job one', tenantId: 'foo', ids: {} },
    reason: 'throttled: Slow  down.',
    receives: 10,
    sentAt: message.sentAt,
    firstReceivedAt: message.firstReceivedAt,
  });
  expect(message.sentAt).toBeInstanceOf(Date);
  expect(found.find(({ body }) => body === 'moved by SQS')).toMatchObject({
    ...{ subject: null, reason: null, receives: null, firstReceivedAt: null },
    sentAt: expect.any(Date),
  });
  expect(await visible(queues.jobsDeadLetters)).toBe(2);
});

it('reads a bounded sample of many, by several readers at once', async () => {
  for (let n = 0; n < 34; n += 1) await send(queues.jobsDeadLetters, `dead ${n}`);
  const readers = await Promise.all([port().deadLetters('jobs', 25), port().deadLetters('jobs', 50)]);
  expect(readers.map((found) => new Set(found.map(({ body }) => body)).size)).toEqual([25, 34]);
  expect(await visible(queues.jobsDeadLetters)).toBe(34);
});

it('holds one of many, hides only that one, and sends it back', async () => {
  for (let n = 0; n < 23; n += 1) await send(queues.jobsDeadLetters, `dead ${n}`);
  const letter = await held('dead 20');
  expect(await visible(queues.jobsDeadLetters)).toBe(22);
  expect(await port().hold('jobs', letter.id)).toBeNull();
  await port().sendBack('jobs', letter);
  expect(await bodiesIn(queues.jobs)).toEqual(['dead 20']);
  expect((await bodiesIn(queues.jobsDeadLetters)).length).toBe(22);
});

it('discards one, and finds it no more', async () => {
  await send(queues.jobsDeadLetters, 'one');
  await send(queues.jobsDeadLetters, 'two');
  const letter = await held('one');
  await port().discard('jobs', letter);
  expect(await port().hold('jobs', letter.id)).toBeNull();
  expect(await port().hold('jobs', 'no id at all')).toBeNull();
  expect(await bodiesIn(queues.jobsDeadLetters)).toEqual(['two']);
  expect(await bodiesIn(queues.jobs)).toEqual([]);
});

it('sends all back, those that the worker buried too', async () => {
  await send(queues.jobsDeadLetters, 'buried by the worker');
  await send(queues.jobsDeadLetters, 'another');
  const before = (await letters()).map(({ id }) => id);
  await port().sendAllBack('jobs');
  expect(await visible(queues.jobsDeadLetters)).toBe(0);
  const { Messages = [] } = await sqs().send(
    new ReceiveMessageCommand({ QueueUrl: url(queues.jobs), MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  // As new ones: with ids of their own.
  expect(Messages.map(({ MessageId }) => before.includes(`${MessageId}`))).toEqual([false, false]);
});

it.each([
  ['sqs.StartMessageMoveTask', 'UnsupportedOperation: There is already a task running.', 'conflict'],
  ['sqs.StartMessageMoveTask', 'AccessDeniedException: no', 'dependency_denied'],
])('says when %s is refused with %s', async (operation, message, code) => {
  await aws.fault('request', operation, { times: 3, message });
  await expect(port().sendAllBack('jobs')).rejects.toMatchObject({ code });
});

it('says when the age or the messages cannot be read', async () => {
  await aws.fault('request', 'monitoring.GetMetricData', { times: 3, message: 'AccessDenied: no' });
  await expect(port().ages()).rejects.toMatchObject({ code: 'dependency_denied' });
  await aws.fault('request', 'sqs.ReceiveMessage', { times: 3, message: 'InternalFailure: asked for' });
  await send(queues.jobsDeadLetters, 'one');
  await expect(letters()).rejects.toMatchObject({ code: 'dependency_failed' });
});
