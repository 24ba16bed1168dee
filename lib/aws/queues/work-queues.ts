import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import {
  type MessageSubject,
  type QueueStanding,
  type WorkQueueName,
  type WorkQueues,
  workQueueNames,
} from '@/lib/domain/queues/ports';
import { env } from '@/lib/env';
import { AnnexError } from '@/lib/errors';
import { memo } from '@/lib/memo';
import { oneInProcess } from '@/lib/one-in-process';
import { portalClient } from '../core/clients';
import { type DeadLetterQueue, deadLettersOf } from '../core/dead-letters';
import { aws } from '../core/errors';
import { findLetter, sampleLetters } from './dead-letter-reads';

/** How a body of each queue is read; null for one that is not known. */
export type SubjectsOf = Readonly<Record<WorkQueueName, (body: string) => MessageSubject | null>>;

/** How long a redrive policy is remembered, ms. */
const policyMs = 5 * 60_000;
const minuteMs = 60_000;
/** CloudWatch has the metrics of SQS a few minutes late. */
const ageMinutes = 10;

/** The worker's queues, under the portal's own role. */
export function workQueues(subjectsOf: SubjectsOf): WorkQueues {
  return {
    standings: () =>
      aws('counting the messages of the queues', () => Promise.all(workQueueNames.map(standingOf))),
    ages: () => aws('reading the age of messages', readAges),
    deadLetters: (queue, limit) =>
      aws('reading dead letters', async () => {
        const dead = await deadLetterQueueOf(queue);
        return dead ? sampleLetters(dead.url, limit, subjectsOf[queue]) : [];
      }),
    hold: (queue, id) =>
      aws('taking a dead letter', async () => {
        const dead = await deadLetterQueueOf(queue);
        return dead ? findLetter(dead.url, id, subjectsOf[queue]) : null;
      }),
    async sendBack(queue, { body, receipt }) {
      const { url } = await deadLettersNeeded(queue);
      await aws('sending the message back', async () => {
        await sqs().send(new SendMessageCommand({ QueueUrl: urlOf(queue), MessageBody: body }));
        await sqs().send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt }));
      });
    },
    async sendAllBack(queue) {
      const { arn, sourceArn } = await deadLettersNeeded(queue);
      await aws('moving the dead letters back', () =>
        // Without a destination, SQS moves only those that it buried itself.
        sqs().send(new StartMessageMoveTaskCommand({ SourceArn: arn, DestinationArn: sourceArn })),
      );
    },
    async discard(queue, { receipt }) {
      const { url } = await deadLettersNeeded(queue);
      await aws('discarding the message', () =>
        sqs().send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt })),
      );
    },
  };
}

const sqs = () => portalClient(SQSClient);

function urlOf(queue: WorkQueueName): string {
  const { ANNEX_JOBS_QUEUE_URL, ANNEX_EVENTS_QUEUE_URL } = env();
  return { jobs: ANNEX_JOBS_QUEUE_URL, events: ANNEX_EVENTS_QUEUE_URL }[queue];
}

const remembered = () =>
  oneInProcess('dead-letter-queues', () =>
    memo((url: string) => deadLettersOf(sqs(), url), {
      keyOf: (url) => url,
      capacity: 10,
      until: () => Date.now() + policyMs,
    }),
  );

const deadLetterQueueOf = (queue: WorkQueueName): Promise<DeadLetterQueue | null> =>
  remembered()(urlOf(queue));

async function deadLettersNeeded(queue: WorkQueueName): Promise<DeadLetterQueue> {
  const dead = await aws('finding the dead-letter queue', () => deadLetterQueueOf(queue));
  if (dead) return dead;
  throw new AnnexError(
    'conflict',
    'This queue has no dead-letter queue. Set a redrive policy in Amazon SQS.',
  );
}

async function standingOf(queue: WorkQueueName): Promise<QueueStanding> {
  const dead = await deadLetterQueueOf(queue);
  const [own, letters] = await Promise.all([countsOf(urlOf(queue)), dead ? countsOf(dead.url) : null]);
  return {
    queue,
    ...own,
    dead:
      dead && letters
        ? {
            count: letters.waiting + letters.inFlight + letters.delayed,
            maxReceives: dead.maxReceives,
          }
        : null,
  };
}

async function countsOf(QueueUrl: string): Promise<Pick<QueueStanding, 'waiting' | 'inFlight' | 'delayed'>> {
  const { Attributes } = await sqs().send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    waiting: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes?.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}

async function readAges(): Promise<Record<WorkQueueName, number | null>> {
  const now = Date.now();
  const { MetricDataResults = [] } = await portalClient(CloudWatchClient).send(
    new GetMetricDataCommand({
      StartTime: new Date(now - ageMinutes * minuteMs),
      EndTime: new Date(now + minuteMs),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: workQueueNames.map((queue) => ({
        Id: queue,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/SQS',
            MetricName: 'ApproximateAgeOfOldestMessage',
            Dimensions: [{ Name: 'QueueName', Value: urlOf(queue).split('/').at(-1) }],
          },
          Period: 60,
          Stat: 'Maximum',
        },
      })),
    }),
  );
  const newest = (queue: WorkQueueName) => MetricDataResults.find(({ Id }) => Id === queue)?.Values?.[0];
  return { jobs: newest('jobs') ?? null, events: newest('events') ?? null };
}
