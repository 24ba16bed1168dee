import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersByRow, arranged, repeatsOf } from './arrangement';

/** Random numbers that depend only on the seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const sizes = fc.integer({ min: 1, max: 500 });
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
/** A distinct result for each row. */
const ofRow = (row: number): number => (row + 1) / 1000;

describe('the order of a request', () => {
  it('has every row, some of them twice, and gives each row its own answer back', () => {
    fc.assert(
      fc.property(sizes, seeds, (count, seed) => {
        const rowAt = arranged(count, seeded(seed));
        expect(rowAt).toHaveLength(count + repeatsOf(count));
        expect(new Set(rowAt).size).toBe(count);
        expect(answersByRow(rowAt, rowAt.map(ofRow))).toEqual({
          answers: Array.from({ length: count }, (_, row) => ofRow(row)),
          disagreement: null,
        });
      }),
    );
  });

  it('never gives a row another’s answer where it sees nothing wrong with rows that stand twice', () => {
    fc.assert(
      fc.property(sizes, seeds, fc.nat(), fc.nat(), (count, seed, one, other) => {
        const rowAt = arranged(count, seeded(seed));
        const given = rowAt.map(ofRow);
        const [a, b] = [one % given.length, other % given.length];
        [given[a], given[b]] = [given[b] ?? 0, given[a] ?? 0];
        const read = answersByRow(rowAt, given);
        const twice = (place: number) => rowAt.filter((row) => row === rowAt[place]).length === 2;
        const differs = rowAt[a] !== rowAt[b];
        expect(read.disagreement !== null).toBe(differs && (twice(a) || twice(b)));
      }),
    );
  });

  it('costs at most 3 % more rows of a whole batch', () => {
    expect(repeatsOf(4000)).toBe(80);
    for (let count = 167; count <= 4000; count += 1)
      expect(repeatsOf(count) / count).toBeLessThanOrEqual(0.03);
  });

  it('shows two chunks of 200 of 4000 that are exchanged, wherever they are, with more than 99 %', () => {
    const random = seeded(7);
    const trials = 1000;
    let seen = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const rowAt = arranged(4000, random);
      const given = rowAt.map(ofRow);
      const first = Math.floor(random() * (given.length / 2 - 200));
      const second = Math.floor(given.length / 2 + random() * (given.length / 2 - 200));
      const [one, other] = [given.slice(first, first + 200), given.slice(second, second + 200)];
      given.splice(first, 200, ...other);
      given.splice(second, 200, ...one);
      if (answersByRow(rowAt, given).disagreement) seen += 1;
    }
    expect(seen / trials).toBeGreaterThan(0.99);
    // The claim in the comment of `arranged`.
    expect((1 - 400 / 4080) ** (2 * repeatsOf(4000))).toBeLessThan(1e-6);
  });

  it.each([
    ['reversed', (given: number[]) => given.reverse()],
    ['sorted', (given: number[]) => given.sort((a, b) => a - b)],
    ['shifted by one', (given: number[]) => [...given.slice(1), ...given.slice(0, 1)]],
  ] as const)('shows answers that are %s', (_, spoil) => {
    for (let seed = 0; seed < 200; seed += 1) {
      const rowAt = arranged(100, seeded(seed));
      expect(answersByRow(rowAt, spoil(rowAt.map(ofRow))).disagreement).not.toBeNull();
    }
  });
});
