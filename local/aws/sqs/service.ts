import { AwsError, type Operation, type RpcService, type StandIn } from '../core/service';
import type { Queues } from '../core/services';
import type { DurableState } from '../core/state';
import { sqsLegacyQuery } from './legacy-query';
import { messageOperations } from './message-operations';
import { queueOperations } from './queue-operations';
import { redriveOperations } from './redrive-operations';
import { QueueStore } from './store';

/** SQS reports the metrics of a queue every minute. */
const metricMs = 60_000;

const legacy = (name: string): string => `AWS.SimpleQueueService.${name}`;

/** SQS of the portal's account: durable standard queues. Also `Queues` for the other stand-ins. */
export function createSqs(standIn: StandIn, state: DurableState): RpcService & Queues {
  const store = new QueueStore(standIn, state);
  const reportAges = async (): Promise<void> => {
    for (const queue of store.names()) {
      standIn.services.cloudWatch.put(
        standIn.portalAccountId,
        'AWS/SQS',
        'ApproximateAgeOfOldestMessage',
        { QueueName: queue },
        store.byName(queue).oldestSeconds(),
        'Seconds',
        Date.now(),
      );
    }
    standIn.later(metricMs, reportAges);
  };
  const operations: Record<string, Operation> = {
    ...queueOperations(standIn, store),
    ...messageOperations(standIn, store),
    ...redriveOperations(standIn, store),
  };
  return {
    name: 'sqs',
    protocol: 'json-1.0',
    operations,
    legacyQuery: sqsLegacyQuery,
    queryCodes: {
      QueueDoesNotExist: legacy('NonExistentQueue'),
      QueueNameExists: 'QueueAlreadyExists',
      MessageNotInflight: legacy('MessageNotInflight'),
      EmptyBatchRequest: legacy('EmptyBatchRequest'),
      TooManyEntriesInBatchRequest: legacy('TooManyEntriesInBatchRequest'),
      BatchEntryIdsNotDistinct: legacy('BatchEntryIdsNotDistinct'),
      InvalidBatchEntryId: legacy('InvalidBatchEntryId'),
      UnsupportedOperation: legacy('UnsupportedOperation'),
    },
    async start() {
      await store.load();
      await reportAges();
    },
    async deliver(queueName, body) {
      if (!store.names().includes(queueName)) {
        throw new AwsError('QueueDoesNotExist', `There is no queue ${queueName} to deliver to.`);
      }
      await store.byName(queueName).send({ body, attributes: {}, senderId: 'events.amazonaws.com' });
    },
  };
}
