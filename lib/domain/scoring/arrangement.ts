/** Rows of a request that are asked about twice: this share of them, and no fewer than so many. */
const repeatedShare = 0.02;
const leastRepeated = 5;

/** Containers reckon in single precision, and not always in the same order. */
const sameWithin = 1e-5;

/** How many of `count` rows are asked about twice. */
export const repeatsOf = (count: number): number =>
  Math.min(count, Math.max(leastRepeated, Math.ceil(count * repeatedShare)));

/**
 * Which of `count` rows stands at each place of a request: all of them in an order of chance, some of them twice. A container that
 * gives a share s of the answers to other rows can hardly know which rows stand twice: that k of them agree with themselves all
 * the same has a probability of about (1 − s)^2k, where answers differ at all. For two chunks of 200 exchanged in 4000 that is
 * below one in a million; for two single answers it is nine in ten, so that what is exchanged seldom and singly may go unseen.
 */
export function arranged(count: number, random: () => number = Math.random): number[] {
  const rows = shuffled(
    Array.from({ length: count }, (_, row) => row),
    random,
  );
  return shuffled([...rows, ...rows.slice(0, repeatsOf(count))], random);
}

/** Fisher and Yates. */
function shuffled(items: number[], random: () => number): number[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a = 0, b = 0] = [items[last], items[other]];
    items[last] = b;
    items[other] = a;
  }
  return items;
}

/** Two answers to one row, with their places in the request. */
export interface Disagreement {
  readonly places: readonly [number, number];
  readonly answers: readonly [number, number];
}

/**
 * The answers by row, of `given` to the request whose rows are `rowAt`, as `arranged` gave them: one answer a place. Or where a
 * row got two that differ.
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
