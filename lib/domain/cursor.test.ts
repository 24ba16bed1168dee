import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageWithin } from './cursor';

const shape = z.tuple([z.iso.datetime({ local: true }), z.int32(), z.string()]);

describe('a cursor', () => {
  it('leads back to its position', () => {
    const position = ['2025-01-02T03:04:05.678901', 3, '12.50'];
    expect(decodeCursor(shape, encodeCursor(position))).toEqual(position);
  });

  it('is a position of the list, or refused with words, whatever its text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc.tuple(fc.anything(), fc.anything(), fc.anything()).map((position) => {
        try {
          return encodeCursor(position);
        } catch {
          return '';
        }
      }),
    );
    fc.assert(
      fc.property(text, (given) => {
        let read: unknown;
        try {
          read = decodeCursor(shape, given);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid', fields: { cursor: 'not a page of this list' } });
          return;
        }
        expect(shape.safeParse(read).success).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('a page', () => {
  const page = (found: readonly number[], back: boolean, fromCursor: boolean) =>
    pageWithin(found, { limit: 2, back, fromCursor });

  it.each([
    ['the only one', [1, 2], false, false, { rows: [1, 2], before: false, after: false }],
    ['the first', [1, 2, 3], false, false, { rows: [1, 2], before: false, after: true }],
    ['one in between, read on', [3, 4, 5], false, true, { rows: [3, 4], before: true, after: true }],
    ['the last', [5], false, true, { rows: [5], before: true, after: false }],
    ['one in between, read back', [4, 3, 2], true, true, { rows: [3, 4], before: true, after: true }],
    ['the first, read back', [2, 1], true, true, { rows: [1, 2], before: false, after: true }],
    ['beyond the end', [], false, true, { rows: [], before: true, after: false }],
  ])('is %s, in the order of its list', (_, found, back, fromCursor, expected) => {
    expect(page(found, back, fromCursor)).toEqual(expected);
  });
});
