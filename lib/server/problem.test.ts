import { expect, it } from 'vitest';
import { AnnexError, type ErrorCode } from '@/lib/errors';
import { problemOf, statusOf } from './problem';

const logged: object[] = [];
const log = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields: object) => void logged.push(fields),
};

it('keeps what a person may see of our own errors', () => {
  const error = new AnnexError('invalid', 'name: is empty', { fields: { name: 'is empty' } });
  expect(problemOf(error, 'ref-12345', log)).toEqual({
    code: 'invalid',
    message: 'name: is empty',
    fields: { name: 'is empty' },
    reference: 'ref-12345',
  });
});

it('hides the text of any other error, logs it, and gives a reference', () => {
  const problem = problemOf(new Error('password=hunter2 at /srv'), 'ref-12345', log);
  expect(problem.code).toBe('internal');
  expect(JSON.stringify(problem)).not.toContain('hunter2');
  expect(problem.message).toContain('ref-12345');
  expect(logged).toHaveLength(1);
});

it('has a status for each code', () => {
  const codes: Record<ErrorCode, number> = {
    invalid: 400,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    conflict: 409,
    throttled: 429,
    internal: 500,
    dependency_denied: 502,
    dependency_failed: 503,
  };
  for (const [code, status] of Object.entries(codes))
    expect(statusOf({ code: code as ErrorCode })).toBe(status);
});
