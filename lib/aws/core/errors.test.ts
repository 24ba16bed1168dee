import { describe, expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { aws, fromAws } from './errors';

function sdkError(name: string, status: number, message = 'as AWS says'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

describe('fromAws', () => {
  it.each([
    ['ThrottlingException', 400, 'throttled', true],
    ['ProvisionedThroughputExceededException', 400, 'throttled', true],
    ['SlowDown', 503, 'throttled', true],
    ['LimitExceededException', 400, 'dependency_failed', false],
    ['LimitExceededException', 429, 'dependency_failed', false],
    ['ResourceLimitExceeded', 400, 'dependency_failed', false],
    ['AccessDenied', 403, 'dependency_denied', false],
    ['UnrecognizedClientException', 400, 'dependency_denied', false],
    ['ExpiredTokenException', 400, 'dependency_denied', true],
    ['ResourceNotFoundException', 400, 'not_found', false],
    ['StackInstanceNotFoundException', 404, 'not_found', false],
    ['NotFound', 404, 'not_found', false],
    ['ConditionalCheckFailedException', 400, 'conflict', false],
    ['ResourceInUse', 400, 'conflict', false],
    ['ValidationException', 400, 'invalid', false],
    ['InternalServerError', 500, 'dependency_failed', true],
    ['UnknownOperationException', 400, 'dependency_failed', false],
    ['Unknown', 400, 'dependency_failed', true],
    ['Unknown', 403, 'dependency_denied', false],
    ['TimeoutError', 200, 'dependency_failed', true],
    ['PermanentRedirect', 301, 'dependency_failed', false],
    ['SomethingNew', 403, 'dependency_denied', false],
    ['SomethingNew', 429, 'throttled', true],
  ])('makes %s (%d) %s', (name, status, code, transient) => {
    const cause = sdkError(name, status);
    expect(fromAws('reading the workbench', cause)).toMatchObject({ code, transient, cause });
  });

  it('takes a clock that is off for something that passes, and says so', () => {
    const late = 'Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z';
    for (const error of [
      sdkError('SignatureDoesNotMatch', 403, late),
      sdkError('InvalidSignatureException', 400, 'Signature not yet current: 20260101T000000Z'),
      sdkError('RequestTimeTooSkewed', 403),
    ]) {
      const told = fromAws('calling AWS', error);
      expect(told).toMatchObject({
        code: 'dependency_denied',
        transient: true,
        message: expect.stringMatching(/clock/),
      });
    }
    const key = sdkError('SignatureDoesNotMatch', 403, 'The request signature we calculated does not match');
    expect(fromAws('calling AWS', key)).toMatchObject({ code: 'dependency_denied', transient: false });
  });

  it('makes no answer a failure that may pass', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const late = Object.assign(new Error('too late'), { name: 'TimeoutError' });
    const aborted = Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    for (const error of [refused, late, aborted]) {
      expect(fromAws('reading', error)).toMatchObject({ code: 'dependency_failed', transient: true });
    }
  });

  it('passes on AWS’s reason for what is invalid, without addresses', () => {
    const error = sdkError(
      'ValidationException',
      400,
      "Parameter 'X' is wrong, see https://a.example/?X-Amz-Signature=abc now",
    );
    const told = fromAws('calling AWS', error);
    expect(told).toMatchObject({
      message: "AWS rejected the request while calling AWS: Parameter 'X' is wrong, see … now",
    });
  });

  it('leaves our errors and mistakes in the code as they are', async () => {
    const mistake = new TypeError('undefined is not a function');
    const ours = new AnnexError('conflict', 'ours');
    for (const error of [mistake, ours]) {
      await expect(aws('reading', () => Promise.reject(error))).rejects.toBe(error);
    }
  });
});
