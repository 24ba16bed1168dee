import { beforeEach, expect, it, vi } from 'vitest';
import { type AwsClient, watched } from './watched';

const watch = vi.hoisted(() => vi.fn());
vi.mock('@/lib/log', () => ({ outages: { watch } }));
beforeEach(() => {
  watch.mockReset();
  watch.mockImplementation((_dependency, _isOutage, work) => work());
});

/** The middleware that `watched` adds, around a call of `commandName`. */
function around(clientName: string, commandName: string): (given: never) => Promise<unknown> {
  let call = async (): Promise<unknown> => 'answer';
  const client: AwsClient = {
    middlewareStack: {
      add: (middleware) => {
        call = middleware(call, { clientName, commandName }) as typeof call;
      },
    },
  };
  expect(watched(client)).toBe(client);
  return call;
}

const failure = (name: string, fields: object = {}) => Object.assign(new Error('no'), { name, ...fields });
const answered = (status: number) => ({ $metadata: { httpStatusCode: status } });

it('watches calls by service, and tells outages from refusals', async () => {
  await expect(around('SQSClient', 'SendMessageCommand')({} as never)).resolves.toBe('answer');
  const [dependency, isOutage] = watch.mock.calls[0] ?? [];
  expect(dependency).toBe('SQS');
  for (const outage of [
    failure('Error', { code: 'ECONNREFUSED' }),
    failure('TimeoutError'),
    failure('InternalError', answered(500)),
    failure('ServiceUnavailable', answered(503)),
  ]) {
    expect(isOutage(outage), String(outage)).toBe(true);
  }
  for (const other of [
    failure('AbortError'),
    failure('AccessDenied', answered(403)),
    failure('ThrottlingException', answered(400)),
    failure('SlowDown', answered(503)),
    new TypeError('a bug'),
  ]) {
    expect(isOutage(other), String(other)).toBe(false);
  }
});

it('leaves out what a tenant’s model answers', async () => {
  await around('SageMakerRuntimeClient', 'InvokeEndpointCommand')({} as never);
  expect(watch).not.toHaveBeenCalled();
});
