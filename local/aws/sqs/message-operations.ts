import { AwsError, type Caller, type Operation, type StandIn } from '../core/service';
import { batch, type Input, messageAttributes, requiredText, selected, texts, wholeWithin } from './input';
import { attributesMd5, md5 } from './md5';
import type { Message, Queue } from './queue';
import type { QueueStore } from './store';

/** The operations on messages. */
export function messageOperations(standIn: StandIn, store: QueueStore): Record<string, Operation> {
  /** The queue of a request, if the caller may do `action` on it. */
  const queueFor = (input: Input, caller: Caller, action: string): Queue => {
    const name = store.nameIn(input.QueueUrl);
    standIn.authorize(caller, `sqs:${action}`, store.arn(name));
    return store.byName(name);
  };

  return {
    SendMessage: async (input, caller) => send(queueFor(input, caller, 'SendMessage'), input, caller),
    SendMessageBatch: async (input, caller) => {
      const queue = queueFor(input, caller, 'SendMessage');
      return batch(input, (entry) => send(queue, entry, caller));
    },
    ReceiveMessage: async (input, caller, _, signal) =>
      receive(queueFor(input, caller, 'ReceiveMessage'), input, signal),
    DeleteMessage: async (input, caller) => remove(standIn, queueFor(input, caller, 'DeleteMessage'), input),
    DeleteMessageBatch: async (input, caller) => {
      const queue = queueFor(input, caller, 'DeleteMessage');
      return batch(input, (entry) => remove(standIn, queue, entry));
    },
    ChangeMessageVisibility: async (input, caller) =>
      hide(queueFor(input, caller, 'ChangeMessageVisibility'), input),
    ChangeMessageVisibilityBatch: async (input, caller) => {
      const queue = queueFor(input, caller, 'ChangeMessageVisibility');
      return batch(input, (entry) => hide(queue, entry));
    },
  };
}

/** The characters that SQS allows in a body: those of XML. */
const allowedText = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

async function send(queue: Queue, input: Input, caller: Caller): Promise<object> {
  const body = requiredText(input, 'MessageBody');
  if (!allowedText.test(body)) {
    throw new AwsError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
  }
  const attributes = messageAttributes(input.MessageAttributes);
  const bytes =
    Buffer.byteLength(body) +
    Object.entries(attributes).reduce((sum, [name, { DataType, StringValue, BinaryValue }]) => {
      const value =
        BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64');
      return sum + Buffer.byteLength(name) + DataType.length + value.length;
    }, 0);
  const most = queue.attribute('MaximumMessageSize');
  if (bytes > most) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    );
  }
  const delaySeconds = wholeWithin(input, 'DelaySeconds', 0, 900, queue.attribute('DelaySeconds'));
  const message = await queue.send({ body, attributes, senderId: caller.arn, delaySeconds });
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(body),
    MD5OfMessageAttributes: attributesMd5(attributes),
  };
}

async function receive(queue: Queue, input: Input, signal: AbortSignal): Promise<object> {
  const max = wholeWithin(input, 'MaxNumberOfMessages', 1, 10, 1);
  const hidden = wholeWithin(input, 'VisibilityTimeout', 0, 43_200, queue.attribute('VisibilityTimeout'));
  const wait = wholeWithin(input, 'WaitTimeSeconds', 0, 20, queue.attribute('ReceiveMessageWaitTimeSeconds'));
  const messages = await queue.receive(max, hidden, wait, signal);
  if (messages.length === 0) return {};
  const system = [...texts(input.AttributeNames), ...texts(input.MessageSystemAttributeNames)];
  const wanted = texts(input.MessageAttributeNames);
  return { Messages: messages.map((message) => received(queue, message, system, wanted)) };
}

function received(
  queue: Queue,
  message: Message,
  system: readonly string[],
  wanted: readonly string[],
): object {
  const all: Record<string, string | undefined> = {
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ApproximateReceiveCount: String(message.receives),
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    DeadLetterQueueSourceArn: message.sourceArn,
  };
  const asked = Object.entries(all).filter(
    ([name, value]) => value !== undefined && (system.includes('All') || system.includes(name)),
  );
  const attributes = selected(message.attributes, wanted);
  const hash = attributesMd5(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: Buffer.from(`${queue.record.name}/${message.seq}/${message.receipt}`).toString('base64'),
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(asked.length > 0 ? { Attributes: Object.fromEntries(asked) } : {}),
    ...(hash === undefined ? {} : { MD5OfMessageAttributes: hash, MessageAttributes: attributes }),
  };
}

function held(queue: Queue, input: Input): ReturnType<Queue['find']> {
  const handle = Buffer.from(requiredText(input, 'ReceiptHandle'), 'base64').toString();
  const [name, seq = '', receipt = ''] = handle.split('/');
  if (name !== queue.record.name)
    throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
  return queue.find(seq, receipt);
}

/** Does nothing when the message is gone or was received again; SQS responds in the same way. */
async function remove(standIn: StandIn, queue: Queue, input: Input): Promise<object> {
  const { message, current } = held(queue, input);
  if (!message || !current) return {};
  // A standard queue delivers at least once: a copy on a server that missed the deletion comes again.
  if (standIn.fault('queue.redeliver', queue.record.name) !== null) await queue.hideFor(message, 0);
  else await queue.delete(message);
  return {};
}

async function hide(queue: Queue, input: Input): Promise<object> {
  if (input.VisibilityTimeout === undefined)
    throw new AwsError('MissingParameter', 'VisibilityTimeout is missing.');
  const seconds = wholeWithin(input, 'VisibilityTimeout', 0, 43_200, 0);
  const { message, current } = held(queue, input);
  if (!message || !current) {
    throw new AwsError(
      'InvalidParameterValue',
      'Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
    );
  }
  if (message.visibleAt <= Date.now())
    throw new AwsError('MessageNotInflight', 'The message is not in flight.');
  await queue.hideFor(message, seconds);
  return {};
}
