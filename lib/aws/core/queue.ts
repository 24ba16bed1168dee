import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { memoOne } from '@/lib/memo';
import { clientConfig } from './client-config';
import { aws } from './errors';
import { watched } from './watched';

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  readonly receipt: string;
  /** How often it has been received, including now. */
  readonly receives: number;
}

/** A queue as its consumer sees it. */
export interface Queue {
  /** Waits up to 20 s for at most `max` (1 to 10) messages; each is hidden from others for `hiddenSeconds`. */
  receive(options: {
    readonly max: number;
    readonly waitSeconds: number;
    readonly hiddenSeconds: number;
    readonly signal: AbortSignal;
  }): Promise<readonly QueueMessage[]>;
  delete(message: QueueMessage): Promise<void>;
  /** Hides the message from other consumers for `seconds` from now; 0 makes it visible at once. */
  hide(message: QueueMessage, seconds: number): Promise<void>;
  /** Moves the message to the dead-letter queue, with the reason as an attribute. False when the queue has none. */
  bury(message: QueueMessage, reason: string): Promise<boolean>;
}

/** The SQS queue at `QueueUrl`, with the portal's own role. */
export function sqsQueue(QueueUrl: string): Queue {
  // Longer than the longest poll.
  const client = watched(new SQSClient(clientConfig(30_000)));

  async function findDeadLetters(): Promise<string | null> {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
    );
    const arn = /"deadLetterTargetArn"\s*:\s*"([^"]+)"/.exec(Attributes?.RedrivePolicy ?? '')?.[1];
    const QueueName = arn?.split(':').at(-1);
    if (!QueueName) return null;
    return (await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? null;
  }

  const deadLetters = memoOne(() => aws('finding the dead-letter queue', findDeadLetters));

  return {
    async receive({ max, waitSeconds, hiddenSeconds, signal }) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(10, max),
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: hiddenSeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
      const { Messages = [] } = await aws('receiving messages', () =>
        client.send(command, { abortSignal: signal }),
      );
      return Messages.flatMap(({ MessageId, Body, ReceiptHandle, Attributes }) =>
        MessageId && ReceiptHandle
          ? [
              {
                id: MessageId,
                body: Body ?? '',
                receipt: ReceiptHandle,
                receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
              },
            ]
          : [],
      );
    },
    async delete({ receipt }) {
      await aws('deleting the message', () =>
        client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt })),
      );
    },
    async hide({ receipt }, seconds) {
      await aws('extending the message’s visibility', () =>
        client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl,
            ReceiptHandle: receipt,
            VisibilityTimeout: seconds,
          }),
        ),
      );
    },
    async bury(message, reason) {
      const target = await deadLetters();
      if (target === null) return false;
      await aws('moving the message to the dead-letter queue', async () => {
        await client.send(
          new SendMessageCommand({
            QueueUrl: target,
            MessageBody: message.body,
            MessageAttributes: {
              AnnexReason: { DataType: 'String', StringValue: plain(reason) },
              AnnexMessageId: { DataType: 'String', StringValue: message.id },
            },
          }),
        );
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.receipt }));
      });
      return true;
    },
  };
}

/** A message attribute may not be empty or contain control characters. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\ud7ff]+/g, ' ').slice(0, 500) || 'unknown';
}
