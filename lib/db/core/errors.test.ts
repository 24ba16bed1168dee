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

it.each([
  ['53100', 'could not extend file "base/16384/2619": No space left on device'],
  ['58030', 'could not write to file "pg_wal/xlogtemp.7": No space left on device'],
  ['XX000', 'could not write to file "base/pgsql_tmp/1": Disk quota exceeded'],
])('a full disk (%s) is named, and what jobs do is tried again', (code, message) => {
  const full = new Error('Raw query failed', { cause: Object.assign(new Error(message), { code }) });
  expect(toAnnexError(full)).toMatchObject({
    code: 'dependency_failed',
    message: 'The database’s disk is full. Nothing was changed. Tell your administrator.',
    transient: true,
  });
});

it('another failed read or write of the database is no full disk', () => {
  const broken = Object.assign(new Error('could not read block 7'), { code: '58030' });
  expect(toAnnexError(broken)).toBe(broken);
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
  // A full disk: the database still answers what only reads.
  ['53100', false],
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
