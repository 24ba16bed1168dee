import type { HistoryGroup } from './ports';

/** Purchase histories in columns, as the likelihood walks them. Days. */
export interface HistoryTable {
  readonly length: number;
  readonly repeats: Float64Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
  readonly weight: Float64Array;
  /** Customers by number of repeats. */
  readonly weightByRepeats: Float64Array;
  readonly customers: number;
  /** Leading binary digits of t_x and T that histories were told apart by; `exactDigits` keeps every day apart. */
  readonly digits: number;
}

/** A table holds at most this many rows (about 10 MB with its index), however many customers there are. */
const maximumRows = 100_000;
export const exactDigits = 17;
const largest = 2 ** exactDigits;

/**
 * Gathers histories into a bounded table. When there are more distinct ones than `rows`, those of equal repeats (at least one)
 * whose t_x and T agree in their leading binary digits become one row at their mean, with a digit less until the rows suffice.
 * Standing at the mean leaves only an error of second order in the width of such a cell relative to its distance in time: with
 * a quarter of the rows, over 20 years, the tests hold it below 0.002 in any score. Throws RangeError for what cannot be a
 * history in whole days.
 */
export async function gatherHistories(
  groups: Iterable<HistoryGroup> | AsyncIterable<HistoryGroup>,
  rows: number = maximumRows,
): Promise<HistoryTable> {
  let cells = new Cells(exactDigits);
  for await (const group of groups) {
    check(group);
    cells.add(group.repeats, group.recencyDays, group.ageDays, group.customers);
    while (cells.size > rows && cells.digits > 1) cells = cells.coarser();
  }
  return cells.table();
}

/** Sums over cells. */
class Cells {
  private readonly index = new Map<number, number>();
  private repeats: number[] = [];
  private recency: number[] = [];
  private age: number[] = [];
  private weight: number[] = [];

  private oldest = 0;

  constructor(readonly digits: number) {}

  get size(): number {
    return this.weight.length;
  }

  add(repeats: number, recency: number, age: number, weight: number): void {
    // Histories without repeats differ in T alone: few enough to keep, and most customers are among them.
    const digits = repeats === 0 ? exactDigits : this.digits;
    const key = (repeats * largest + leading(recency, digits)) * largest + leading(age, digits);
    this.oldest = Math.max(this.oldest, age);
    const row = this.index.get(key);
    if (row === undefined) {
      this.index.set(key, this.weight.length);
      this.repeats.push(repeats);
      this.recency.push(recency * weight);
      this.age.push(age * weight);
      this.weight.push(weight);
      return;
    }
    this.recency[row] = (this.recency[row] ?? 0) + recency * weight;
    this.age[row] = (this.age[row] ?? 0) + age * weight;
    this.weight[row] = (this.weight[row] ?? 0) + weight;
  }

  coarser(): Cells {
    const used = 32 - Math.clz32(this.oldest);
    const merged = new Cells(Math.max(1, Math.min(this.digits, used) - 1));
    this.weight.forEach((weight, row) => {
      merged.add(
        this.repeats[row] ?? 0,
        (this.recency[row] ?? 0) / weight,
        (this.age[row] ?? 0) / weight,
        weight,
      );
    });
    return merged;
  }

  table(): HistoryTable {
    const weight = Float64Array.from(this.weight);
    const repeats = Float64Array.from(this.repeats);
    const mean = (sums: readonly number[]) => Float64Array.from(sums, (sum, row) => sum / (weight[row] ?? 1));
    const weightByRepeats = new Float64Array(repeats.reduce((most, x) => Math.max(most, x), 0) + 1);
    repeats.forEach((x, row) => {
      weightByRepeats[x] = (weightByRepeats[x] ?? 0) + (weight[row] ?? 0);
    });
    return {
      length: weight.length,
      repeats,
      recency: mean(this.recency),
      age: mean(this.age),
      weight,
      weightByRepeats,
      customers: weight.reduce((sum, w) => sum + w, 0),
      digits: this.digits,
    };
  }
}

/** `days` cut to whole days, and after so many leading binary digits. */
function leading(days: number, digits: number): number {
  const dropped = Math.max(0, 32 - Math.clz32(days) - digits);
  return (days >>> dropped) << dropped;
}

function check({ repeats, recencyDays, ageDays, customers }: HistoryGroup): void {
  const sound =
    [repeats, recencyDays, ageDays, customers].every(Number.isInteger) &&
    repeats >= 0 &&
    repeats < largest &&
    (repeats === 0 ? recencyDays === 0 : recencyDays > 0) &&
    recencyDays <= ageDays &&
    ageDays >= 0 &&
    ageDays < largest &&
    customers > 0;
  if (!sound) {
    throw new RangeError(
      `Not a purchase history: ${repeats} repeats, t_x ${recencyDays}, T ${ageDays}, ${customers} customers.`,
    );
  }
}
