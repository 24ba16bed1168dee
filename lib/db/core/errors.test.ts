import { expect, it } from 'vitest';
import { toAnnexError } from './errors';

it.each([
  ['08006', 'a connection that broke'],
  ['28P01', 'a password that is being changed'],
  ['53300', 'no room for a connection'],
  ['57P01', 'a server that ends'],
])('%s, %s, is tried again', (code) => {
  expect(toAnnexError(Object.assign(new Error('no'), { code }))).toMatchObject({
    code: 'dependency_failed',
    transient: true,
  });
});

it('a refused access is not', () => {
  const refused = Object.assign(new Error('no'), { code: '42501' });
  expect(toAnnexError(refused)).toMatchObject({ code: 'dependency_denied', transient: false });
});

it('what is no failure of the database stays what it is', () => {
  const other = new TypeError('no');
  expect(toAnnexError(other)).toBe(other);
});
