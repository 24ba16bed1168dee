import { expect, test } from 'vitest';
import { checkExpressions } from './expressions';

const nested = (levels: number, inner = 'a = :a') => '('.repeat(levels) + inner + ')'.repeat(levels);
const names = ['Condition', 'Filter', 'KeyCondition', 'Projection', 'Update'].map(
  (name) => `${name}Expression`,
);

test.each(names)('%s is refused before the engine parses what would keep it busy', (name) => {
  const check = (expression: unknown) => () => checkExpressions({ [name]: expression });
  for (const expression of [
    nested(5),
    '('.repeat(10),
    'NOT ('.repeat(10),
    `(a) = :a AND ${nested(5)}`,
    `)${nested(6)}`,
  ]) {
    expect(check(expression)).toThrow(/nested more than 4 levels/);
  }
  expect(check('a'.repeat(4097))).toThrow(/expression size: 4097/);
  expect(check(nested(4))).not.toThrow();
  expect(check(Array(50).fill('(size(a) > :a)').join(' AND '))).not.toThrow();
  const batch = { RequestItems: { table: { Keys: [], [name]: 'a'.repeat(4097) }, other: null } };
  expect(() => checkExpressions(batch)).toThrow(/expression size: 4097/);
  expect(check(undefined)).not.toThrow();
  expect(check(7)).not.toThrow();
});
