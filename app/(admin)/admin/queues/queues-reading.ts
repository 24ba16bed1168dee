import { formatUnits } from '@/components/format';
import type { Reading } from '@/components/live/reading';
import type { QueueStanding } from '@/lib/domain/queues/ports';
import { queueWords } from './words';

/** The queues as they stood at `now`. They may change at any time, so another reading always follows. */
export function queuesReading(queues: readonly QueueStanding[], now: Date): Reading {
  return {
    at: now.toISOString(),
    underWay: true,
    mark: queues
      .map(({ queue, waiting, inFlight, delayed, dead }) =>
        [queue, waiting, inFlight, delayed, dead?.count].join('/'),
      )
      .join(),
    // Only what needs somebody: the other counts change all the time.
    words: queues
      .filter(({ dead }) => (dead?.count ?? 0) > 0)
      .map(
        ({ queue, dead }) => `${queueWords[queue].title}: ${formatUnits(dead?.count ?? 0, 'dead letter')}.`,
      )
      .join(' '),
  };
}
