import type { ControlContext } from '@/lib/domain/context';
import { controlVerb, nothing } from '@/lib/domain/verb';
import { type Read, seenInAws } from '../../seen';
import type { QueueStanding } from '../ports';
import { type ShownLetter, shownLetter } from '../shown-letter';

/** One queue with a sample of its dead letters. */
export interface QueueView extends QueueStanding {
  /** Latest first. */
  readonly letters: Read<readonly ShownLetter[]>;
}

export interface QueuesView {
  readonly queues: readonly QueueView[];
  /** The age of the oldest message of each queue, s; null: there is no current value. */
  readonly ages: Read<Readonly<Record<QueueStanding['queue'], number | null>>>;
}

/** At most so many dead letters of a queue are shown. */
export const sampleSize = 50;

/**
 * How the worker's queues stand, and a sample of their dead letters. Messages are taken in hand and put back, so two readers at the same
 * moment may each see a part. Ages and letters that AWS does not tell are `unreadable`. Throws `forbidden`, and what reaching SQS throws.
 */
export const viewQueues = controlVerb('queues.view', nothing, async (ctx): Promise<QueuesView> => {
  const [standings, ages] = await Promise.all([
    ctx.ports.queues.standings(),
    seenInAws(ctx, viewQueues, () => ctx.ports.queues.ages()),
  ]);
  const queues = standings.map(async (standing) => ({
    ...standing,
    letters: await lettersOf(ctx, standing),
  }));
  return { queues: await Promise.all(queues), ages };
});

async function lettersOf(ctx: ControlContext, { queue, dead }: QueueStanding): Promise<QueueView['letters']> {
  if (dead === null || dead.count === 0) return { state: 'read', value: [] };
  return seenInAws(ctx, viewQueues, async () => {
    const letters = await ctx.ports.queues.deadLetters(queue, Math.min(sampleSize, dead.count));
    const time = ({ sentAt }: ShownLetter) => sentAt?.getTime() ?? 0;
    return letters.map(shownLetter).toSorted((a, b) => time(b) - time(a));
  });
}
