import { describe, expect, it } from 'vitest';
import { placeOf } from './customer-place';

describe('the place of a page in its list', () => {
  const inside = { first: 51, rows: 50, before: true, after: true, total: 120 };

  it.each([
    inside,
    { ...inside, first: 1, before: false },
    { ...inside, first: 101, rows: 20, after: false },
    { first: 1, rows: 120, before: false, after: false, total: 120 },
  ])('is the rank of its first row: %o', (page) => {
    expect(placeOf(page)).toEqual({ first: page.first, total: page.total });
  });

  it.each([
    { ...inside, first: null },
    { ...inside, total: null },
    { ...inside, rows: 0 },
    { ...inside, first: 2, before: false },
    { ...inside, first: 1 },
    { ...inside, first: 71 },
    { ...inside, first: 72 },
    { ...inside, rows: 20, after: false },
    { first: 1, rows: 50, before: false, after: false, total: 120 },
  ])('is unknown where rank, rows and count disagree: %o', (page) => {
    expect(placeOf(page)).toBeNull();
  });
});
