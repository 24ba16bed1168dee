import { describe, expect, it } from 'vitest';
import { csvText } from './csv';

describe('a cell of CSV', () => {
  it.each([
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@x', "'@x"],
    ['\tx', "'\tx"],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
    ['a=b', 'a=b'],
  ])('writes %j as %j', (text, cell) => {
    expect(csvText(text)).toBe(cell);
  });
});
