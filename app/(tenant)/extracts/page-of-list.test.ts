import { expect, it } from 'vitest';
import { queryOf, readPage } from './page-of-list';

it('an address of a page of extracts is read as it was written', () => {
  for (const page of [{}, { before: 'a&b' }, { after: 'c' }]) {
    expect(readPage(new URLSearchParams(queryOf(page)))).toEqual({
      before: undefined,
      after: undefined,
      ...page,
    });
  }
  expect(queryOf({})).toBe('');
  expect(queryOf({ before: 'a', after: 'b' })).toBe('?before=a');
});
