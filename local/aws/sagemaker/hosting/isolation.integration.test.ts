import { createServer, type Server } from 'node:net';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientConfig, startTestAws, type TestAws, tenantKeys } from '@/local/aws/testing/test-aws';

let aws: TestAws;
let other: Server;
let runtime: SageMakerRuntimeClient;
let reached = 0;
const account = '222222222222';

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', account);
  runtime = new SageMakerRuntimeClient(clientConfig(aws, await tenantKeys(aws, 'foo', account)));
  other = createServer((socket) => {
    reached += 1;
    socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n');
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  other.close();
  await aws.stop();
});

async function networkOf(name: string, isolated: boolean): Promise<Record<string, string>> {
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await aws.hostModel(account, name, { kind: 'connects', port, name: 'localhost' }, name, isolated);
  const asked = { EndpointName: name, ContentType: 'text/csv', Body: '1' };
  const { Body } = await runtime.send(new InvokeEndpointCommand(asked));
  return JSON.parse(Body?.transformToString() ?? '') as Record<string, string>;
}

test('a model whose network is isolated answers, and reaches nothing', async () => {
  const blocked = 'EACCES';
  expect(await networkOf('isolated', true)).toEqual({
    ...{ connect: blocked, fetch: blocked, datagram: blocked, lookup: blocked, resolve: blocked },
  });
  expect(reached).toBe(0);
});

test('any other model has the network', async () => {
  expect(await networkOf('open', false)).toMatchObject({
    ...{ connect: 'done', fetch: 'done', datagram: 'done', lookup: 'done' },
  });
  expect(reached).toBe(2);
});
