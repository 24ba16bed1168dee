import { randomUUID } from 'node:crypto';
import { AwsError, type Operation, type StandIn } from '../core/service';
import { requiredText } from './input';
import type { Queue } from './queue';
import type { QueueStore } from './store';

interface MoveTask {
  readonly TaskHandle: string;
  readonly Status: 'COMPLETED';
  readonly SourceArn: string;
  readonly DestinationArn?: string;
  readonly ApproximateNumberOfMessagesMoved: number;
  readonly ApproximateNumberOfMessagesToMove: number;
  /** Epoch milliseconds. */
  readonly StartedTimestamp: number;
}

const collection = 'sqs-move-tasks';

/** Dead-letter queues: which queues use them, and moving their messages back. A move is complete when its call responds. */
export function redriveOperations(standIn: StandIn, store: QueueStore): Record<string, Operation> {
  const sourceOf = (arn: string): Queue => {
    const queue = store.byArn(arn);
    if (!queue)
      throw new AwsError(
        'ResourceNotFoundException',
        'The resource that you specified for SourceArn does not exist.',
        404,
      );
    return queue;
  };

  return {
    async ListDeadLetterSourceQueues(input, caller) {
      const name = store.nameIn(input.QueueUrl);
      standIn.authorize(caller, 'sqs:ListDeadLetterSourceQueues', store.arn(name));
      return { queueUrls: store.sourcesOf(store.byName(name).arn).map((source) => store.url(source)) };
    },
    async StartMessageMoveTask(input, caller) {
      const arn = requiredText(input, 'SourceArn');
      standIn.authorize(caller, 'sqs:StartMessageMoveTask', arn);
      const queue = sourceOf(arn);
      if (store.sourcesOf(arn).length === 0) {
        throw new AwsError(
          'UnsupportedOperation',
          'The source queue is not the dead-letter queue of any queue.',
        );
      }
      const destination = typeof input.DestinationArn === 'string' ? input.DestinationArn : undefined;
      if (destination !== undefined) {
        standIn.authorize(caller, 'sqs:SendMessage', destination);
        if (!store.byArn(destination))
          throw new AwsError('ResourceNotFoundException', 'There is no such DestinationArn.', 404);
      }
      const startedAt = Date.now();
      const moved = await queue.moveBack((origin) => store.byArn(destination ?? origin ?? ''));
      const task: MoveTask = {
        TaskHandle: Buffer.from(`${randomUUID()}/${arn}`).toString('base64'),
        Status: 'COMPLETED',
        SourceArn: arn,
        ...(destination === undefined ? {} : { DestinationArn: destination }),
        ApproximateNumberOfMessagesMoved: moved,
        ApproximateNumberOfMessagesToMove: moved,
        StartedTimestamp: startedAt,
      };
      await standIn.state.put(collection, `${arn}/${String(startedAt).padStart(15, '0')}`, task);
      return { TaskHandle: task.TaskHandle };
    },
    async ListMessageMoveTasks(input, caller) {
      const arn = requiredText(input, 'SourceArn');
      standIn.authorize(caller, 'sqs:ListMessageMoveTasks', arn);
      sourceOf(arn);
      const tasks = await standIn.state.list<MoveTask>(collection, { prefix: `${arn}/` });
      const most = Math.min(Number(input.MaxResults ?? 1), 10);
      const newest = tasks.map(([, task]) => task).reverse();
      // A task that has ended has no handle, because it cannot be cancelled.
      return { Results: newest.slice(0, most).map(({ TaskHandle: _, ...task }) => task) };
    },
    async CancelMessageMoveTask(input, caller) {
      const handle = Buffer.from(requiredText(input, 'TaskHandle'), 'base64').toString();
      const arn = handle.slice(handle.indexOf('/') + 1);
      standIn.authorize(caller, 'sqs:CancelMessageMoveTask', arn);
      throw new AwsError('ResourceNotFoundException', 'The task is not running: it has ended.', 404);
    },
  };
}
