import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { memoOne } from '@/lib/memo';
import { clientConfig } from './client-config';
import { deadLetterAttributes, deadLettersOf, instantIn } from './dead-letters';
import { aws } from './errors';
import { watched } from './watched';

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  readonly receipt: string;
  /** How often it has been received, including now. */
  readonly receives: number;
  /** Null: SQS did not say. */
  readonly sentAt: Date | null;
  readonly firstReceivedAt: Date | null;
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
  /** Whether SQS itself moves the message to the dead-letter queue, without a reason, if it is not deleted now. */
  isLastReceive(message: QueueMessage): Promise<boolean>;
  /** Moves the message to the dead-letter queue, with the reason as an attribute. False when the queue has none. */
  bury(message: QueueMessage, reason: string): Promise<boolean>;
}

/** The SQS queue at `QueueUrl`, with the portal's own role. */
export function sqsQueue(QueueUrl: string): Queue {
  // Longer than the longest poll.
  const client = watched(new SQSClient(clientConfig(30_000)));

  const deadLetters = memoOne(() =>
    aws('finding the dead-letter queue', () => deadLettersOf(client, QueueUrl)),
  );

  return {
    async receive({ max, waitSeconds, hiddenSeconds, signal }) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(10, max),
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: hiddenSeconds,
        MessageSystemAttributeNames: [
          'ApproximateReceiveCount',
          'ApproximateFirstReceiveTimestamp',
          'SentTimestamp',
        ],
      });
      const { Messages = [] } = await aws('receiving messages', () =>
        client.send(command, { abortSignal: signal }),
      );
      return Messages.flatMap(received);
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
    async isLastReceive({ receives }) {
      const target = await deadLetters();
      return target !== null && receives >= target.maxReceives;
    },
    async bury(message, reason) {
      const target = await deadLetters();
      if (target === null) return false;
      await aws('moving the message to the dead-letter queue', async () => {
        await client.send(
          new SendMessageCommand({
            QueueUrl: target.url,
            MessageBody: message.body,
            MessageAttributes: deadLetterAttributes(message, reason),
          }),
        );
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.receipt }));
      });
      return true;
    },
  };
}

function received({ MessageId, Body, ReceiptHandle, Attributes }: Message): QueueMessage[] {
  if (!MessageId || !ReceiptHandle) return [];
  return [
    {
      id: MessageId,
      body: Body ?? '',
      receipt: ReceiptHandle,
      receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
      sentAt: instantIn(Attributes?.SentTimestamp),
      firstReceivedAt: instantIn(Attributes?.ApproximateFirstReceiveTimestamp),
    },
  ];
}
