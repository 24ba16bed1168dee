import { expect, test } from 'vitest';
import { codeOf, replicaFailure, roleFailure, storeFailure } from './failure';
import { taskOf } from './task';

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const order = {
  requestId: id,
  attempt: 1,
  tenant: 'foo',
  dataset: 'customers',
  format: 'csv',
  columns: [{ name: 'customer_id', type: 'text', mask: 'none' }],
  policyVersion: 1,
  range: { from: null, before: null },
  asOf: null,
};
const manifest = (change: object = {}) => JSON.stringify({ ...order, ...change });
const given: Record<string, string> = {
  '--request_id': id,
  '--tenant_id': 'foo',
  '--watermark': '7',
  '--manifest': manifest(),
  '--seal': 'a'.repeat(64),
};

test('reads what the portal sends, and leaves what Glue adds', () => {
  expect(taskOf({ ...given, '--job-language': 'python' })).toMatchObject({
    requestId: id,
    watermark: '7',
    order,
    sealed: `7 ${manifest()}`,
    prefix: `extracts/${id}/`,
    file: 'data.csv',
  });
  expect(taskOf({ ...given, '--manifest': manifest({ format: 'parquet' }) }).file).toBe('data.parquet');
});

test.each([
  ['--manifest', 'no JSON'],
  ['--manifest', '[]'],
  ['--manifest', manifest({ columns: [] })],
  ['--manifest', manifest({ dataset: 'mask_salt' })],
  ['--manifest', manifest({ format: 'xml' })],
  ['--manifest', manifest({ asOf: "'; SELECT 1" })],
  ['--manifest', manifest({ range: { from: 'yesterday', before: null } })],
  ['--tenant_id', 'bar'],
  ['--tenant_id', "foo'"],
  ['--request_id', '../x'],
  ['--request_id', '01ARZ3NDEKTSV4RRFFQ69G5FAW'],
  ['--watermark', '-1'],
  ['--seal', ''],
])('names an argument that it cannot read: %s %s', (name, value) => {
  expect(() => taskOf({ ...given, [name]: value })).toThrow(
    new RegExp(`can’t read these arguments: .*${name}`),
  );
});

test('says what failed, never a value of a row', () => {
  const error = (code: string) => Object.assign(new Error('invalid input: "ann@example.com"'), { code });
  for (const code of [
    '22P02',
    '57014',
    '40001',
    '42P01',
    '28P01',
    '53100',
    'ECONNREFUSED',
    '57P01',
    '57P03',
    '53300',
    '08006',
  ]) {
    const failure = replicaFailure(error(code));
    expect(failure.message).not.toContain('ann@example.com');
    expect(failure.passing).toBe(code === '40001');
    expect(failure.outage).toBe(['ECONNREFUSED', '57P01', '57P03', '08006', '53300'].includes(code));
  }
  expect(replicaFailure(error('57P01')).message).toBe('The replica does not respond (57P01).');
  const named = (name: string) => Object.assign(new Error('secret'), { name });
  expect(storeFailure(named('AccessDenied'), 'b', 'write').message).toBe(
    'S3 denied permission to write in the bucket b (AccessDenied).',
  );
  expect(storeFailure(named('InsufficientStorage'), 'b', 'write').message).toMatch(/disk/);
  expect(storeFailure(named('PreconditionFailed'), 'b', 'write').overtaken).toBe(true);
  expect(storeFailure(error('ECONNREFUSED'), 'b', 'write').message).toMatch(/could not write .*ECONNREFUSED/);
  expect(roleFailure(named('AccessDenied'), 'arn').message).toMatch(/does not trust the job for this tenant/);
  expect(codeOf(null)).toBe('unknown error');
});
