import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetter, HeldLetter, MessageSubject } from '@/lib/domain/queues/ports';
import { log } from '@/lib/log';
import { oneInProcess } from '@/lib/one-in-process';
import { portalClient } from '../core/clients';
import { failureIn } from '../core/dead-letters';

/** A message that is looked at comes back by itself after this, if it is not put back. */
const lookSeconds = 10;
/** A message in hand is sent back or discarded within this. */
const heldSeconds = 30;
/** Long polling asks all of SQS's servers; a short poll may find nothing where there are messages. */
const waitSeconds = 2;
/** A search ends after so many messages. */
const mostSearched = 1000;

type SubjectOf = (body: string) => MessageSubject | null;

/** At most `limit` messages of the queue, which are put back at once. */
export function sampleLetters(
  url: string,
  limit: number,
  subjectOf: SubjectOf,
): Promise<readonly DeadLetter[]> {
  return inTurn(url, async () => {
    const seen: Message[] = [];
    try {
      while (seen.length < limit) {
        const more = await receive(url, Math.min(10, limit - seen.length), lookSeconds);
        if (more.length === 0) break;
        seen.push(...more);
      }
      return seen.flatMap((message) => letterOf(message, subjectOf));
    } finally {
      await putBack(url, seen);
    }
  });
}

/** The message with this id, which stays hidden for others; null when it is not found. All others are put back. */
export function findLetter(url: string, id: string, subjectOf: SubjectOf): Promise<HeldLetter | null> {
  return inTurn(url, async () => {
    const others: Message[] = [];
    try {
      while (others.length < mostSearched) {
        const more = await receive(url, 10, heldSeconds);
        const wanted = more.find(({ MessageId }) => MessageId === id);
        others.push(...more.filter((message) => message !== wanted));
        if (wanted) return letterOf(wanted, subjectOf)[0] ?? null;
        if (more.length === 0) return null;
      }
      return null;
    } finally {
      await putBack(url, others);
    }
  });
}

const sqs = () => portalClient(SQSClient);

async function receive(QueueUrl: string, max: number, hiddenSeconds: number): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs().send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: hiddenSeconds,
      MessageSystemAttributeNames: ['SentTimestamp'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/** What is not put back comes back by itself, so a failure is only logged. */
async function putBack(QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let at = 0; at < messages.length; at += 10) {
    const Entries = messages
      .slice(at, at + 10)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs()
      .send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }))
      .catch((error: unknown) => log.warn({ err: error }, 'dead letters could not be put back at once'));
  }
}

function letterOf(message: Message, subjectOf: SubjectOf): HeldLetter[] {
  const { MessageId: id, ReceiptHandle: receipt, Body: body = '' } = message;
  return id && receipt ? [{ id, receipt, body, subject: subjectOf(body), ...failureIn(message) }] : [];
}

/** One reader of a queue at a time in this process: two would each see a part. */
async function inTurn<T>(url: string, work: () => Promise<T>): Promise<T> {
  const turns = oneInProcess('dead-letter-readers', () => new Map<string, Promise<unknown>>());
  const mine = (turns.get(url) ?? Promise.resolve()).then(work);
  const end = mine.catch(() => undefined);
  turns.set(url, end);
  return mine.finally(() => {
    if (turns.get(url) === end) turns.delete(url);
  });
}
