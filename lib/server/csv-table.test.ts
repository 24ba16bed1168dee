import { expect, it } from 'vitest';
import { csvTable } from './csv-table';

const read = (text: string) => csvTable(text, { needed: ['id', 'name'], optional: ['note'], most: 3 });

it('reads lines by the names of the columns, in any order, with quotes and a byte order mark', () => {
  expect(read('\uFEFFName, ID ,note\r\n"Shop, the first",s1, x \n\nB,s2,\n')).toEqual([
    { line: 2, values: { name: 'Shop, the first', id: 's1', note: 'x' } },
    { line: 4, values: { name: 'B', id: 's2', note: '' } },
  ]);
});

it.each([
  ['', 'Line 1: the column id, name is missing'],
  ['id\n1\n', 'Line 1: the column name is missing'],
  ['id,name,nmae\n', 'Line 1: there is no column nmae'],
  ['id,name,name\n', 'Line 1: a column is there twice'],
  ['id,name\n1\n', 'The file is no CSV: Invalid Record Length'],
  ['id,name\n1,"a\n', 'The file is no CSV: Quote Not Closed'],
  [`id,name\n1,${'x'.repeat(5000)}\n`, 'The file is no CSV: Max Record Size'],
  ['id,name\n1,a\n2,b\n3,c\n4,d\n', 'The file has more than 3 lines'],
])('refuses %j', (text, words) => {
  expect(() => read(text)).toThrow(words);
});
