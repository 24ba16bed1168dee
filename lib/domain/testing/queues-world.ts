import type { AnnexError } from '@/lib/errors';
import type { Role } from '../actor';
import type { ControlContext } from '../context';
import type { DeadLetter, HeldLetter, WorkQueueName, WorkQueues } from '../queues/ports';
import { World } from './world';

/** The worker's queues with fakes: dead letters by queue, and what was done with them. */
export class QueuesWorld extends World {
  readonly letters: Record<WorkQueueName, DeadLetter[]> = { jobs: [], events: [] };
  /** Bodies that were sent back, by queue. */
  readonly sentBack: string[] = [];
  /** What reading the ages, and the dead letters, throws. */
  agesFail: AnnexError | null = null;
  lettersFail: AnnexError | null = null;
  private readonly held = new Set<string>();

  private readonly queues: WorkQueues = {
    standings: async () => [
      {
        queue: 'jobs',
        ...{ waiting: 4, inFlight: 2, delayed: 1 },
        dead: { count: this.letters.jobs.length, maxReceives: 10 },
      },
      { queue: 'events', waiting: 0, inFlight: 0, delayed: 0, dead: null },
    ],
    ages: async () => {
      if (this.agesFail) throw this.agesFail;
      return { jobs: 90, events: null };
    },
    deadLetters: async (queue, limit) => {
      if (this.lettersFail) throw this.lettersFail;
      return this.letters[queue].slice(0, limit);
    },
    hold: async (queue, id) => {
      const found = this.letters[queue].find((letter) => letter.id === id);
      if (!found || this.held.has(id)) return null;
      this.held.add(id);
      return { ...found, receipt: `receipt of ${id}` };
    },
    sendBack: async (queue, held) => {
      this.sentBack.push(`${queue} ${held.body}`);
      this.remove(queue, held);
    },
    sendAllBack: async (queue) => {
      for (const { body } of this.letters[queue].splice(0)) this.sentBack.push(`${queue} ${body}`);
    },
    discard: async (queue, held) => this.remove(queue, held),
  };

  as(role: Role): ControlContext {
    return this.controlContext(role, { queues: this.queues });
  }

  /** Puts a dead letter into a queue. */
  bury(queue: WorkQueueName, letter: Partial<DeadLetter> & Pick<DeadLetter, 'id'>): void {
    this.letters[queue].push({
      ...{ body: letter.id, subject: null, reason: null, receives: 1 },
      ...{ sentAt: new Date(this.clock), firstReceivedAt: null },
      ...letter,
    });
  }

  private remove(queue: WorkQueueName, { id, receipt }: HeldLetter): void {
    if (receipt !== `receipt of ${id}`) throw new Error('not the receipt');
    this.letters[queue] = this.letters[queue].filter((letter) => letter.id !== id);
  }
}
