/** The queues whose messages the worker handles: Annex's jobs, and the events of AWS Control Tower. */
export const workQueueNames = ['jobs', 'events'] as const;
export type WorkQueueName = (typeof workQueueNames)[number];

/** How many messages a queue has. The counts are approximate, as SQS gives them. */
export interface QueueStanding {
  readonly queue: WorkQueueName;
  /** Can be received now. */
  readonly waiting: number;
  /** Being handled, or hidden until the next try. */
  readonly inFlight: number;
  /** Sent to be received later. */
  readonly delayed: number;
  /** Null: it has no dead-letter queue. */
  readonly dead: {
    readonly count: number;
    /** How often a message is received before it is a dead letter. */
    readonly maxReceives: number;
  } | null;
}

/** What a message says that may be shown: what it asks for, of which tenant, and ids. */
export interface MessageSubject {
  readonly kind: string;
  readonly tenantId: string | null;
  /** By name, such as `requestId`. */
  readonly ids: Readonly<Record<string, string>>;
}

/** A message that nobody could handle. */
export interface DeadLetter {
  /** Its id in the dead-letter queue. */
  readonly id: string;
  readonly body: string;
  /** Null: the body is none that Annex knows. */
  readonly subject: MessageSubject | null;
  /** The code and the message of the last failure; null: no worker came to an end with it. */
  readonly reason: string | null;
  /** How often it was received; null: unknown. */
  readonly receives: number | null;
  readonly sentAt: Date | null;
  readonly firstReceivedAt: Date | null;
}

/** A dead letter that others do not see for half a minute. */
export interface HeldLetter extends DeadLetter {
  readonly receipt: string;
}

/** The worker's queues as administrators see them. Each method throws what reaching AWS throws. */
export interface WorkQueues {
  standings(): Promise<readonly QueueStanding[]>;
  /** The age of the oldest message of each queue, s; null: CloudWatch has no newer value than ten minutes. */
  ages(): Promise<Readonly<Record<WorkQueueName, number | null>>>;
  /** At most `limit` dead letters, in no order. Waits for a moment if there seem to be fewer: others may be reading them. */
  deadLetters(queue: WorkQueueName, limit: number): Promise<readonly DeadLetter[]>;
  /** Takes one dead letter in hand; null when it is not there, or in another hand. */
  hold(queue: WorkQueueName, id: string): Promise<HeldLetter | null>;
  /** Sends what is held to the queue that it came from, where it is as new. */
  sendBack(queue: WorkQueueName, held: HeldLetter): Promise<void>;
  /** Begins to move all dead letters back. Throws `conflict` while they are being moved. */
  sendAllBack(queue: WorkQueueName): Promise<void>;
  discard(queue: WorkQueueName, held: HeldLetter): Promise<void>;
}
