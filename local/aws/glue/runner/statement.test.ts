import { expect, test } from 'vitest';
import { copyCommand, selectOf } from './statement';
import type { ExtractOrder } from './task';

const order: ExtractOrder = {
  requestId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  tenant: 'foo',
  dataset: 'customers',
  format: 'csv',
  columns: [{ name: 'email', type: 'text', mask: 'hash' }],
  policyVersion: 2,
  range: { from: null, before: '2026-03-01T00:00:00.000Z' },
  asOf: null,
};
const policy = { version: 2, columns: { email: 'hash', created_at: 'none' }, row_limit: null };

test('builds the statement of an order, its values as literals', () => {
  const { select } = selectOf(order, policy);
  expect(select).toContain('SELECT crm.salted_hash((source.email)::text) AS "email"');
  expect(select).toContain(
    `WHERE source.tenant_id = 'foo'::text AND source.created_at < '2026-03-01T00:00:00.000Z'::timestamptz`,
  );
});

test('a value never leaves its literal', () => {
  const tenant = `foo' || set_config('app.tenant_id', 'bar', true) || '\\`;
  expect(selectOf({ ...order, tenant }, policy).select).toContain(
    `E'foo'' || set_config(''app.tenant_id'', ''bar'', true) || ''\\\\'::text`,
  );
});

test.each([
  ['an older policy', { policyVersion: 1 }, /policy changed before the run started/],
  [
    'a mask that the policy does not have',
    { columns: [{ name: 'email', type: 'text', mask: 'none' }] },
    /other columns/,
  ],
  [
    'a column that the policy withholds',
    { columns: [{ name: 'name', type: 'text', mask: 'none' }] },
    /does not offer/,
  ],
  ['SQL for a column', { columns: [{ name: '1); SELECT 2', type: 'text', mask: 'none' }] }, /does not offer/],
  ['a format that the dataset lacks', { format: 'xgboost' }, /does not offer/],
] satisfies [string, Partial<ExtractOrder>, RegExp][])('refuses %s', (_, change, reason) => {
  expect(() => selectOf({ ...order, ...change }, policy)).toThrow(reason);
});

test('gives one row more than the policy allows, which says that there are too many', () => {
  const { select, rowLimit } = selectOf(order, { ...policy, row_limit: 500 });
  expect(select).toMatch(/\nLIMIT 501$/);
  expect(rowLimit).toBe(500);
  expect(selectOf(order, policy).select).not.toContain('LIMIT');
});

test('refuses a dataset without a policy', () => {
  expect(() => selectOf(order, undefined)).toThrow(/policy changed/);
  expect(() => selectOf(order, { ...policy, columns: { email: 'unknown mask' } })).toThrow(/does not offer/);
});

test('copies CSV with a header, or without, and text for Parquet', () => {
  expect(copyCommand('SELECT 1', 'csv')).toContain('FORMAT csv, HEADER true');
  expect(copyCommand('SELECT 1', 'xgboost')).toContain('FORMAT csv, HEADER false');
  expect(copyCommand('SELECT 1', 'parquet')).toContain('FORMAT text');
});
