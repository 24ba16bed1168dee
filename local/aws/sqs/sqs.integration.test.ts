import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsNames } from '@/local/aws-names';
import { sqsClient, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';

let aws: TestAws;
let sqs: SQSClient;

beforeAll(async () => {
  aws = await startTestAws();
  sqs = sqsClient(aws, aws.portal);
});
afterAll(() => aws.stop());

const named = (name: string) => expect.objectContaining({ name });

async function queue(name: string, Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `annex-${name}`, Attributes }));
  if (!QueueUrl) throw new Error('no queue');
  return QueueUrl;
}
const send = (QueueUrl: string, MessageBody: string, more = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
async function receive(QueueUrl: string, more = {}): Promise<Message[]> {
  const asked = {
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All' as const],
    MessageAttributeNames: ['All'],
  };
  return (await sqs.send(new ReceiveMessageCommand({ ...asked, ...more }))).Messages ?? [];
}
const hide = (QueueUrl: string, ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
  sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
async function counts(QueueUrl: string): Promise<number[]> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  const names = ['', 'NotVisible', 'Delayed'] as const;
  return names.map((name) => Number(Attributes?.[`ApproximateNumberOfMessages${name}`]));
}
const arnOf = (name: string) => `arn:aws:sqs:${awsNames.region}:${awsNames.portalAccountId}:annex-${name}`;

test('has the queues of the portal’s account, with dead-letter queues', async () => {
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({}));
  expect(QueueUrls?.map((url) => url.split('/').at(-1))).toEqual([
    awsNames.eventsQueue,
    awsNames.eventsDeadLetterQueue,
    awsNames.jobsQueue,
    awsNames.jobsDeadLetterQueue,
    awsNames.marketplaceQueue,
    awsNames.marketplaceDeadLetterQueue,
  ]);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: awsNames.jobsQueue }));
  expect(QueueUrl).toBe(`${aws.origin}/${awsNames.portalAccountId}/${awsNames.jobsQueue}`);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  expect(JSON.parse(Attributes?.RedrivePolicy ?? '')).toMatchObject({
    maxReceiveCount: awsNames.maxReceiveCount,
  });
});

test('hands a message out once, with what it carries, until it is visible again', async () => {
  const url = await queue('once');
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: 'a' },
    blob: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]) },
  };
  const { MessageId } = await send(url, 'hello ü', { MessageAttributes });
  const [first] = await receive(url);
  expect(first).toMatchObject({ MessageId, Body: 'hello ü', Attributes: { ApproximateReceiveCount: '1' } });
  expect(first?.MessageAttributes?.kind?.StringValue).toBe('a');
  expect(await receive(url)).toEqual([]);
  expect(await counts(url)).toEqual([0, 1, 0]);
  await hide(url, first?.ReceiptHandle, 0);
  const [again] = await receive(url);
  expect(again).toMatchObject({ MessageId, Attributes: { ApproximateReceiveCount: '2' } });
  // The old receipt does nothing; the new one deletes.
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  expect(await counts(url)).toEqual([0, 1, 0]);
  await expect(hide(url, first?.ReceiptHandle, 0)).rejects.toThrow(named('InvalidParameterValue'));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle }));
  expect(await counts(url)).toEqual([0, 0, 0]);
  await expect(sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'x' }))).rejects.toThrow(
    named('ReceiptHandleIsInvalid'),
  );
});

test('a waiting receiver gets a message as soon as there is one, and one that is delayed when it is due', async () => {
  const url = await queue('waiting');
  const waiting = receive(url, { WaitTimeSeconds: 20 });
  await send(url, 'now');
  expect((await waiting)[0]?.Body).toBe('now');
  await send(url, 'later', { DelaySeconds: 6 });
  expect(await counts(url)).toEqual([0, 1, 1]);
  expect(await receive(url)).toEqual([]);
  expect((await receive(url, { WaitTimeSeconds: 20 }))[0]?.Body).toBe('later');
});

test('a receiver that went away takes nothing with it', async () => {
  const url = await queue('gone');
  const abort = new AbortController();
  const gone = sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
    abortSignal: abort.signal,
  });
  abort.abort();
  await expect(gone).rejects.toThrow();
  await send(url, 'kept');
  expect((await receive(url, { WaitTimeSeconds: 5 }))[0]?.Body).toBe('kept');
});

test('gives a message up to the dead-letter queue after its receipts, and back', async () => {
  const dead = await queue('poison-dlq');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('poison-dlq'), maxReceiveCount: '2' });
  const url = await queue('poison', { RedrivePolicy });
  await send(url, 'poison');
  for (const count of ['1', '2']) {
    const [message] = await receive(url);
    expect(message?.Attributes?.ApproximateReceiveCount).toBe(count);
    await hide(url, message?.ReceiptHandle, 0);
  }
  expect(await receive(url)).toEqual([]);
  expect(await counts(dead)).toEqual([1, 0, 0]);
  const [message] = await receive(dead, { VisibilityTimeout: 0 });
  expect(message?.Attributes?.DeadLetterQueueSourceArn).toBe(arnOf('poison'));
  const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
  expect(queueUrls).toEqual([url]);
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('poison-dlq') }));
  const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf('poison-dlq') }));
  expect(Results?.[0]).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 });
  expect(await counts(dead)).toEqual([0, 0, 0]);
  expect((await receive(url))[0]).toMatchObject({
    Body: 'poison',
    Attributes: { ApproximateReceiveCount: '1' },
  });
});

test('takes batches, each entry for itself', async () => {
  const url = await queue('batch', { MaximumMessageSize: '1024' });
  const Entries = [
    { Id: 'a', MessageBody: 'one' },
    { Id: 'b', MessageBody: 'x'.repeat(1025) },
    { Id: 'c', MessageBody: 'two' },
  ];
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
  expect(sent.Failed).toEqual([
    expect.objectContaining({ Id: 'b', SenderFault: true, Code: 'InvalidParameterValue' }),
  ]);
  const got = await receive(url);
  expect(got.map(({ Body }) => Body)).toEqual(['one', 'two']);
  const removal = got.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: removal }));
  expect(await counts(url)).toEqual([0, 0, 0]);
  await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] }))).rejects.toThrow(
    /EmptyBatchRequest|at least one/,
  );
});

test('refuses what SQS refuses', async () => {
  const QueueUrl = `${aws.origin}/${awsNames.portalAccountId}/annex-none`;
  await expect(send(QueueUrl, 'x')).rejects.toThrow(named('QueueDoesNotExist'));
  await expect(send(QueueUrl.replace(awsNames.portalAccountId, '999999999999'), 'x')).rejects.toThrow(
    named('QueueDoesNotExist'),
  );
  await expect(queue('attributes', { VisibilityTimeout: '-1' })).rejects.toThrow(
    named('InvalidAttributeValue'),
  );
  await expect(queue('attributes', { FifoQueue: 'true' })).rejects.toThrow(named('InvalidAttributeName'));
  const url = await queue('attributes', { VisibilityTimeout: '7' });
  expect(await queue('attributes', { VisibilityTimeout: '7' })).toBe(url);
  await expect(queue('attributes', { VisibilityTimeout: '8' })).rejects.toThrow(named('QueueNameExists'));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '8' } }));
  expect(await queue('attributes', { VisibilityTimeout: '8' })).toBe(url);
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  await expect(counts(url)).rejects.toThrow(named('QueueDoesNotExist'));
  const tenant = sqsClient(aws, await tenantKeys(aws, 'foo'));
  const jobs = `${aws.origin}/${awsNames.portalAccountId}/${awsNames.jobsQueue}`;
  await expect(tenant.send(new ReceiveMessageCommand({ QueueUrl: jobs }))).rejects.toThrow(
    named('AccessDeniedException'),
  );
  await expect(queue('x/y')).rejects.toThrow();
});

test('keeps messages, receipts and hiding across a restart', async () => {
  const url = await queue('durable', { VisibilityTimeout: '600' });
  await send(url, 'first');
  await send(url, 'second');
  const [held] = await receive(url, { MaxNumberOfMessages: 1 });
  await aws.standIn.services.sqs.deliver('annex-durable', 'third');
  await aws.restart();
  expect(await counts(url)).toEqual([2, 1, 0]);
  expect((await receive(url)).map(({ Body }) => Body)).toEqual(['second', 'third']);
  await hide(url, held?.ReceiptHandle, 0);
  expect((await receive(url))[0]).toMatchObject({
    Body: 'first',
    Attributes: { ApproximateReceiveCount: '2' },
  });
});
