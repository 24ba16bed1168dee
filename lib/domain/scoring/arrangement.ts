/** Rows that appear twice in a request: this share of them, but at least `leastRepeated`. */
const repeatedShare = 0.02;
const leastRepeated = 5;

/** Containers compute in single precision, and not always in the same order. */
const sameWithin = 1e-5;

/** How many of `count` rows appear twice. */
export const repeatsOf = (count: number): number =>
  Math.min(count, Math.max(leastRepeated, Math.ceil(count * repeatedShare)));

/**
 * The index of the row at each place of a request for `count` rows: all rows in random order, some of them twice. A container
 * that gives a share s of the results to the wrong rows can hardly know which rows appear twice. The probability that k of these
 * are consistent nevertheless is about (1 − s)^2k, provided that results differ at all. For two swapped chunks of 200 in 4000
 * that is below one in a million; for two single swapped results it is nine in ten, so rare single swaps may go unnoticed.
 */
export function arranged(count: number, random: () => number = Math.random): number[] {
  const rows = shuffled(
    Array.from({ length: count }, (_, row) => row),
    random,
  );
  return shuffled([...rows, ...rows.slice(0, repeatsOf(count))], random);
}

/** Fisher–Yates shuffle. */
function shuffled(items: number[], random: () => number): number[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a = 0, b = 0] = [items[last], items[other]];
    items[last] = b;
    items[other] = a;
  }
  return items;
}

/** Two results for the same row, with their places in the request. */
export interface Disagreement {
  readonly places: readonly [number, number];
  readonly answers: readonly [number, number];
}

/**
 * Maps the results `given` (one per place) back to rows, where `rowAt` comes from `arranged`. Instead returns a disagreement when
 * a row got two results that differ.
 */
export function answersByRow(
  rowAt: readonly number[],
  given: readonly number[],
): { readonly answers: number[]; readonly disagreement: null } | { readonly disagreement: Disagreement } {
  const firstPlace = new Int32Array(rowAt.length).fill(-1);
  const answers = new Float64Array(rowAt.length);
  let rows = 0;
  for (const [place, row] of rowAt.entries()) {
    const answer = given[place] ?? Number.NaN;
    const before = firstPlace[row] ?? -1;
    if (before < 0) {
      firstPlace[row] = place;
      answers[row] = answer;
      rows += 1;
      continue;
    }
    const first = given[before] ?? Number.NaN;
    if (!(Math.abs(first - answer) <= sameWithin))
      return { disagreement: { places: [before, place], answers: [first, answer] } };
  }
  return { answers: Array.from(answers.subarray(0, rows)), disagreement: null };
}
