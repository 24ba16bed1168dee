/** One way to do the measured work, e.g. Annex's own or the baseline. */
export interface Contestant {
  readonly name: string;
  /** Restores the state before each run. Not measured. */
  prepare?(): Promise<void>;
  run(): Promise<void>;
}

/** Medians in ms by name. */
export type Medians = Readonly<Record<string, number>>;

/**
 * Runs the contestants in turn, `rounds` times after one discarded round, so that a slow phase of the machine affects
 * all of them. Returns each one's median.
 */
export async function interleaved(rounds: number, contestants: readonly Contestant[]): Promise<Medians> {
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, prepare, run } of contestants) {
      await prepare?.();
      const startedAt = performance.now();
      await run();
      if (round >= 0) times.get(name)?.push(performance.now() - startedAt);
    }
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, quantile(values, 0.5)]));
}

/** The quantile at `share` (0 to 1) of `values`, by nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** The times of `read` in ms. `readers` run at the same time, and each reads `each` times in sequence. */
export async function timesOf(readers: number, each: number, read: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  const reader = async () => {
    for (let n = 0; n < each; n += 1) {
      const startedAt = performance.now();
      await read();
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return times;
}

/** p95 of `read` in ms, among the times of `timesOf`. */
export async function p95Of(readers: number, each: number, read: () => Promise<void>): Promise<number> {
  return quantile(await timesOf(readers, each, read), 0.95);
}

/** Prints a ratio for people, and as one JSON line for programs. A ratio above `most` makes the process exit with 1. */
export function report(result: {
  readonly bench: string;
  readonly ratio: number;
  readonly most: number;
  readonly figures: Readonly<Record<string, number>>;
}): void {
  const round = (value: number) => Number(value.toFixed(2));
  const figures = Object.fromEntries(
    Object.entries(result.figures).map(([name, value]) => [name, round(value)]),
  );
  const within = result.ratio <= result.most;
  console.log(
    `${result.bench}: ${round(result.ratio)} (at most ${result.most})${within ? '' : ' TOO MUCH'}; ${Object.entries(
      figures,
    )
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
  );
  console.log(
    JSON.stringify({ bench: result.bench, ratio: round(result.ratio), most: result.most, within, figures }),
  );
  if (!within) process.exitCode = 1;
}
