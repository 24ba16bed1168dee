import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqsClient, startTestAws, type TestAws } from '../testing/test-aws';

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws?.stop());

test('sqs-consumer, which nobody here wrote, takes every message, and again those that failed', async () => {
  const sqs = sqsClient(aws, aws.portal);
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'annex-foreign', Attributes: { VisibilityTimeout: '1' } }),
  );
  const bodies = Array.from({ length: 10 }, (_, n) => `message ${n}`);
  await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: bodies.map((MessageBody, n) => ({ Id: String(n), MessageBody })),
    }),
  );
  const taken = new Map<string, number>();
  const errors: Error[] = [];
  await new Promise<void>((resolve, reject) => {
    const consumer = Consumer.create({
      queueUrl: QueueUrl,
      sqs,
      batchSize: 10,
      waitTimeSeconds: 1,
      pollingWaitTimeMs: 0,
      handleMessage: async (message) => {
        const times = (taken.get(message.Body ?? '') ?? 0) + 1;
        taken.set(message.Body ?? '', times);
        if (message.Body === 'message 3' && times === 1) throw new Error('Not yet.');
        if (taken.size === 10 && (taken.get('message 3') ?? 0) === 2) consumer.stop();
        return message;
      },
    });
    consumer.on('processing_error', (error) => errors.push(error));
    consumer.on('error', reject);
    consumer.on('stopped', () => resolve());
    consumer.start();
  });
  expect([...taken].sort()).toEqual(bodies.map((body) => [body, body === 'message 3' ? 2 : 1]));
  expect(errors).toHaveLength(1);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  expect(Attributes?.ApproximateNumberOfMessages).toBe('0');
});
