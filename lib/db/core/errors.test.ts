import { expect, it } from 'vitest';
import { isUnavailable, toAnnexError } from './errors';

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

it.each([
  ['ECONNREFUSED', true],
  ['57P01', true],
  ['53300', true],
  // A deadlock, a lock that took too long, a statement that took too long, a row that exists.
  ['40P01', false],
  ['55P03', false],
  ['57014', false],
  ['23505', false],
])('%s is an outage of the database: %s', (code, outage) => {
  const error = Object.assign(new Error('no'), { code });
  expect(isUnavailable(error)).toBe(outage);
  expect(isUnavailable(new Error('a bug'))).toBe(false);
});
