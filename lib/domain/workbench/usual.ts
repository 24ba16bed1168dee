import { type StepName, stepNames, type UsualDurations, type WorkbenchStanding } from './ports';

/** How long each step took in past set-ups: the median of those that are done. */
export function usualOf(standings: readonly Pick<WorkbenchStanding, 'steps'>[]): UsualDurations {
  const of = (name: StepName) => {
    const lengths = standings.flatMap(({ steps }) => {
      const step = steps.find((each) => each.name === name);
      return step?.state === 'done' && step.startedAt && step.finishedAt
        ? [step.finishedAt.getTime() - step.startedAt.getTime()]
        : [];
    });
    return lengths.length === 0 ? null : { ms: median(lengths), runs: lengths.length };
  };
  return Object.fromEntries(stepNames.map((name) => [name, of(name)])) as UsualDurations;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)], sorted[middle]];
  return (low + high) / 2;
}
