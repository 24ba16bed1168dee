import { awsNames } from '../../aws-names';
import { AwsError, type StandIn } from '../core/service';
import type { DurableState } from '../core/state';
import { parseRedrive, type QueueAttributes, standardAttributes } from './attributes';
import { messagesOf, Queue, type QueueRecord } from './queue';

const collection = 'sqs-queues';

/** The queues of the portal's account. */
export class QueueStore {
  private readonly queues = new Map<string, Queue>();

  constructor(
    private readonly standIn: StandIn,
    private readonly state: DurableState,
  ) {}

  /** Loads the queues with their messages, and creates those that Annex needs. */
  async load(): Promise<void> {
    for (const [, record] of await this.state.list<QueueRecord>(collection)) await this.open(record).load();
    for (const [name, dead] of [
      [awsNames.jobsQueue, awsNames.jobsDeadLetterQueue],
      [awsNames.eventsQueue, awsNames.eventsDeadLetterQueue],
      [awsNames.marketplaceQueue, awsNames.marketplaceDeadLetterQueue],
    ] as const) {
      if (!this.queues.has(dead)) await this.put(dead, { MessageRetentionPeriod: '1209600' });
      const redrive = { deadLetterTargetArn: this.arn(dead), maxReceiveCount: awsNames.maxReceiveCount };
      if (!this.queues.has(name)) await this.put(name, { RedrivePolicy: JSON.stringify(redrive) });
    }
  }

  arn(name: string): string {
    return `arn:aws:sqs:${this.standIn.region}:${this.standIn.portalAccountId}:${name}`;
  }

  url(name: string): string {
    return `${this.standIn.origin}/${this.standIn.portalAccountId}/${name}`;
  }

  /** Throws QueueDoesNotExist. */
  byName(name: string): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  byArn(arn: string): Queue | undefined {
    return [...this.queues.values()].find((queue) => queue.arn === arn);
  }

  /** The name of the queue in a URL. Throws QueueDoesNotExist for a queue of another account. */
  nameIn(url: unknown): string {
    if (typeof url !== 'string')
      throw new AwsError('MissingParameter', 'The request must contain the parameter QueueUrl.');
    const [account, name = ''] = url.split('/').slice(-2);
    if (account !== this.standIn.portalAccountId) {
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    }
    return name;
  }

  names(): readonly string[] {
    return [...this.queues.keys()].sort();
  }

  /** Names of the queues that use the dead-letter queue `arn`. */
  sourcesOf(arn: string): readonly string[] {
    return this.names().filter((name) => this.byName(name).redrive?.deadLetterTargetArn === arn);
  }

  /** Creates a queue, or sets the attributes of an existing one. */
  async put(name: string, attributes: QueueAttributes): Promise<Queue> {
    const redrive = parseRedrive(attributes.RedrivePolicy);
    if (redrive && !this.byArn(redrive.deadLetterTargetArn)) {
      throw new AwsError('InvalidParameterValue', 'The dead-letter target of RedrivePolicy does not exist.');
    }
    const now = Math.floor(Date.now() / 1000);
    const existing = this.queues.get(name);
    const record: QueueRecord = {
      name,
      attributes: { ...standardAttributes, ...existing?.record.attributes, ...attributes },
      createdAt: existing?.record.createdAt ?? now,
      modifiedAt: now,
    };
    await this.state.put(collection, name, record);
    if (!existing) return this.open(record);
    existing.record = record;
    return existing;
  }

  async delete(name: string): Promise<void> {
    const keys = await this.state.list(messagesOf(name));
    this.queues.delete(name);
    await this.state.write([
      { type: 'del', collection, key: name },
      ...keys.map(([key]) => ({ type: 'del', collection: messagesOf(name), key }) as const),
    ]);
  }

  private open(record: QueueRecord): Queue {
    const queue = new Queue(record, this.arn(record.name), this.state, (arn) => this.byArn(arn));
    this.queues.set(record.name, queue);
    return queue;
  }
}
