import { AwsError, type Operation, type StandIn } from '../core/service';
import { checkAttributes, standardAttributes } from './attributes';
import { requiredText, texts, wholeWithin } from './input';
import type { Queue } from './queue';
import type { QueueStore } from './store';

/** The operations on queues. */
export function queueOperations(standIn: StandIn, store: QueueStore): Record<string, Operation> {
  const allow = (caller: Parameters<Operation>[1], action: string, name: string) =>
    standIn.authorize(caller, `sqs:${action}`, store.arn(name));

  return {
    async CreateQueue(input, caller) {
      const name = requiredText(input, 'QueueName');
      // In the caller's account: only the portal's account has permissions on queues.
      standIn.authorize(
        caller,
        'sqs:CreateQueue',
        store.arn(name).replace(standIn.portalAccountId, caller.accountId),
      );
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
        throw new AwsError(
          'InvalidParameterValue',
          'A queue name has up to 80 letters, digits, hyphens and underscores.',
        );
      }
      const attributes = checkAttributes(input.Attributes);
      if (!store.names().includes(name)) await store.put(name, attributes);
      else refuseOther(store.byName(name), attributes);
      return { QueueUrl: store.url(name) };
    },
    async DeleteQueue(input, caller) {
      const name = store.nameIn(input.QueueUrl);
      allow(caller, 'DeleteQueue', name);
      store.byName(name);
      await store.delete(name);
      return {};
    },
    async GetQueueUrl(input, caller) {
      const name = requiredText(input, 'QueueName');
      allow(caller, 'GetQueueUrl', name);
      const owner = input.QueueOwnerAWSAccountId ?? standIn.portalAccountId;
      if (owner !== standIn.portalAccountId) {
        throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      }
      store.byName(name);
      return { QueueUrl: store.url(name) };
    },
    async ListQueues(input, caller) {
      standIn.authorize(caller, 'sqs:ListQueues', '*');
      const prefix = typeof input.QueueNamePrefix === 'string' ? input.QueueNamePrefix : '';
      const after = typeof input.NextToken === 'string' ? input.NextToken : '';
      const limit = wholeWithin(input, 'MaxResults', 1, 1000, 1000);
      const names = store.names().filter((name) => name.startsWith(prefix) && name > after);
      const page = names.slice(0, limit);
      return {
        QueueUrls: page.map((name) => store.url(name)),
        NextToken: names.length > limit ? page.at(-1) : undefined,
      };
    },
    async GetQueueAttributes(input, caller) {
      const name = store.nameIn(input.QueueUrl);
      allow(caller, 'GetQueueAttributes', name);
      const all = attributesOf(store.byName(name));
      const wanted = texts(input.AttributeNames);
      const unknown = wanted.find((want) => want !== 'All' && !Object.hasOwn(known, want));
      if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const chosen = Object.entries(all).filter(([key]) => wanted.includes('All') || wanted.includes(key));
      return { Attributes: Object.fromEntries(chosen) };
    },
    async SetQueueAttributes(input, caller) {
      const name = store.nameIn(input.QueueUrl);
      allow(caller, 'SetQueueAttributes', name);
      store.byName(name);
      await store.put(name, checkAttributes(input.Attributes));
      return {};
    },
    async PurgeQueue(input, caller) {
      const name = store.nameIn(input.QueueUrl);
      allow(caller, 'PurgeQueue', name);
      await store.byName(name).purge();
      return {};
    },
  };
}

function refuseOther(queue: Queue, attributes: Readonly<Record<string, string>>): void {
  const differs = Object.entries(attributes).some(([key, value]) => queue.record.attributes[key] !== value);
  if (!differs) return;
  throw new AwsError('QueueNameExists', `A queue named ${queue.record.name} exists with other attributes.`);
}

const computed = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];
const known = Object.fromEntries(
  [
    ...Object.keys(standardAttributes),
    ...computed,
    'RedrivePolicy',
    'RedriveAllowPolicy',
    'Policy',
    'KmsMasterKeyId',
    'KmsDataKeyReusePeriodSeconds',
    'FifoQueue',
    'ContentBasedDeduplication',
  ].map((name) => [name, true]),
);

function attributesOf(queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts();
  const { RedrivePolicy, ...attributes } = queue.record.attributes;
  return {
    ...attributes,
    ...(RedrivePolicy ? { RedrivePolicy } : {}),
    QueueArn: queue.arn,
    CreatedTimestamp: String(queue.record.createdAt),
    LastModifiedTimestamp: String(queue.record.modifiedAt),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}
