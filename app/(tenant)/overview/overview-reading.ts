import { formatUnits } from '@/components/format';
import type { Reading } from '@/components/live/reading';
import type { Overview } from '@/lib/domain/overview/verbs/get-overview';
import { scoringReading } from '../customers/scoring-reading';
import { stepWords } from './words';

/** The overview as it stood at `now`. Its mark changes with what the page shows, but not with the progress of a run. */
export function overviewReading(overview: Overview, now: Date): Reading {
  const { customers, scoring, steps, attention, underWay, finished, unreadable } = overview;
  const scores = customers && scoringReading(customers, scoring, now);
  return {
    at: now.toISOString(),
    underWay: underWay.length > 0 || scores?.underWay === true,
    mark: JSON.stringify([scores?.mark, steps, attention, underWay, finished, unreadable]),
    words: wordsOf(overview, scores?.words),
  };
}

function wordsOf({ steps, attention }: Overview, scores: string | undefined): string {
  const done = steps.filter(({ state }) => state === 'done');
  return [
    ...(steps.length > 0 ? [`${done.length} of ${formatUnits(steps.length, 'step')} done.`] : []),
    ...steps
      .filter(({ state }) => state === 'failed' || state === 'under way')
      .map(({ name, state }) => `${stepWords[name].title}: ${state}.`),
    ...(scores ? [scores] : []),
    ...(attention.length > 0 ? [`Needs you: ${attention.length}.`] : []),
  ].join(' ');
}
