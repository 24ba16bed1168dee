import { expect, test } from 'vitest';
import { codeOf, replicaFailure, roleFailure, storeFailure } from './failure';
import { taskOf } from './task';

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const given: Record<string, string> = {
  '--request_id': id,
  '--tenant_id': 'foo',
  '--watermark': '7',
  '--statement': 'SELECT 1 AS a',
  '--values': '[{"type":"int","value":"1"}]',
  '--columns': '[{"name":"a","type":"int","mask":"none"}]',
  '--format': 'csv',
  '--bucket': 'annex-foo',
  '--prefix': `extracts/${id}/`,
  '--role_arn': 'arn:aws:iam::222222222222:role/annex-tenant',
  '--external_id': 'annex-foo',
  '--manifest': '{"policyVersion":1}',
};

test('reads what the portal sends, and leaves what Glue adds', () => {
  expect(taskOf({ ...given, '--job-language': 'python' })).toMatchObject({
    requestId: id,
    watermark: '7',
    values: [{ type: 'int', value: '1' }],
    columns: [{ name: 'a', type: 'int' }],
    file: 'data.csv',
    manifest: { policyVersion: 1 },
  });
  expect(taskOf({ ...given, '--format': 'parquet' }).file).toBe('data.parquet');
});

test.each([
  ['--values', '[{"type":"int","value":"1 OR 1=1"}]'],
  ['--values', '[{"type":"text","value":"a\\u0000"}]'],
  ['--values', '[{"type":"bool","value":"maybe"}]'],
  ['--values', '[{"type":"json","value":"1"}]'],
  ['--values', 'no JSON'],
  ['--columns', '[]'],
  ['--prefix', ''],
  ['--prefix', 'extracts/'],
  ['--request_id', '../x'],
  ['--format', 'xml'],
  ['--watermark', '-1'],
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
    '08006',
  ]) {
    const failure = replicaFailure(error(code));
    expect(failure.message).not.toContain('ann@example.com');
    expect(failure.passing).toBe(code === '40001');
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
