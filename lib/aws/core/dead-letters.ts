import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  type MessageAttributeValue,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';

/** The dead-letter queue of a queue, and how often a message may be received before SQS moves it there. */
export interface DeadLetterQueue {
  readonly url: string;
  readonly arn: string;
  readonly sourceArn: string;
  readonly maxReceives: number;
}

const redrivePolicy = z.object({
  deadLetterTargetArn: z.string().min(1),
  maxReceiveCount: z.coerce.number().int().min(1),
});

/** The dead-letter queue that the redrive policy of the queue names; null without one. Throws what SQS throws. */
export async function deadLettersOf(client: SQSClient, QueueUrl: string): Promise<DeadLetterQueue | null> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy', 'QueueArn'] }),
  );
  const { RedrivePolicy, QueueArn } = Attributes ?? {};
  if (!RedrivePolicy || !QueueArn) return null;
  const { deadLetterTargetArn: arn, maxReceiveCount } = redrivePolicy.parse(JSON.parse(RedrivePolicy));
  const { QueueUrl: url } = await client.send(new GetQueueUrlCommand({ QueueName: arn.split(':').at(-1) }));
  return url ? { url, arn, sourceArn: QueueArn, maxReceives: maxReceiveCount } : null;
}

/** What the worker knew of a message when it gave it up. */
export interface LastFailure {
  /** Null: SQS moved the message itself, because no worker came to an end with it. */
  readonly reason: string | null;
  readonly receives: number | null;
  readonly sentAt: Date | null;
  readonly firstReceivedAt: Date | null;
}

/** A message as its consumer knows it. */
interface Buried extends Pick<LastFailure, 'sentAt' | 'firstReceivedAt'> {
  readonly id: string;
  readonly receives: number;
}

/** What the worker writes to a message that it moves to the dead-letter queue. `failureIn` reads it. */
export function deadLetterAttributes(message: Buried, reason: string): Record<string, MessageAttributeValue> {
  const values = {
    AnnexReason: plain(reason),
    AnnexMessageId: message.id,
    AnnexReceives: String(message.receives),
    AnnexSentAt: message.sentAt?.toISOString(),
    AnnexFirstReceivedAt: message.firstReceivedAt?.toISOString(),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, StringValue]) =>
      StringValue === undefined ? [] : [[name, { DataType: 'String', StringValue }]],
    ),
  );
}

/** What is known of the failure of a message in a dead-letter queue. */
export function failureIn({ MessageAttributes = {}, Attributes = {} }: Message): LastFailure {
  const written = (name: string) => MessageAttributes[name]?.StringValue;
  const receives = Number(written('AnnexReceives'));
  return {
    reason: written('AnnexReason') ?? null,
    receives: Number.isInteger(receives) && receives > 0 ? receives : null,
    sentAt: dateIn(written('AnnexSentAt')) ?? instantIn(Attributes.SentTimestamp),
    firstReceivedAt: dateIn(written('AnnexFirstReceivedAt')),
  };
}

/** The instant of a time that SQS gives as milliseconds since 1970 in text; null for none. */
export const instantIn = (milliseconds: string | undefined): Date | null =>
  milliseconds === undefined || !Number.isFinite(Number(milliseconds))
    ? null
    : new Date(Number(milliseconds));

function dateIn(text: string | undefined): Date | null {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}

/** A message attribute may not be empty or contain control characters. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\ud7ff]+/g, ' ').slice(0, 500) || 'unknown';
}
