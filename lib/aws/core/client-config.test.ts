import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { inTurn } from '@/lib/turn';
import { invokeEndpoint, OneTryRuntimeClient } from '../models/invoke-endpoint';
import { clientConfig } from './client-config';
import { aws } from './errors';

vi.mock('@/lib/env', () => ({ env: () => ({ AWS_REGION: 'us-east-1' }) }));

/** AWS that begins every answer with its headers and a first byte, and leaves it at that. */
let stalling: Server;
let begun: ServerResponse[];

beforeEach(async () => {
  begun = [];
  stalling = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '3' }).write('0');
    begun.push(response);
  });
  await new Promise<void>((resolve) => stalling.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  stalling.closeAllConnections();
  stalling.close();
});

const config = () => ({
  ...clientConfig(100),
  endpoint: `http://127.0.0.1:${(stalling.address() as AddressInfo).port}`,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
});
const receive = () => new SQSClient(config()).send(new ReceiveMessageCommand({ QueueUrl: 'http://queue' }));

it('does not wait for the rest of an answer that stopped in the middle', async () => {
  await expect(aws('waiting', receive)).rejects.toMatchObject({
    code: 'dependency_failed',
    transient: true,
    cause: { name: 'TimeoutError' },
  });
});

it('leaves a prediction the time that whoever asks gives it', async () => {
  const prediction = invokeEndpoint(
    new OneTryRuntimeClient(config()),
    {
      endpointName: 'e',
      contentType: 'text/csv',
      body: '1',
      inferenceId: 'annex-look-1',
      deadlineMs: 60_000,
      maxBytes: 1000,
    },
    () => {},
  );
  await vi.waitFor(() => expect(begun).toHaveLength(1), { timeout: 30_000 });
  // As long as another client waits, three times, and gives up.
  await expect(receive()).rejects.toMatchObject({ name: 'TimeoutError' });
  begun[0]?.end('.5');
  expect(Buffer.from((await prediction).body).toString()).toBe('0.5');
});

it('keeps nobody from the thread while AWS works', async () => {
  let atWork = 1;
  const turn = {
    pause: () => {
      atWork -= 1;
    },
    resume: async () => {
      atWork += 1;
    },
    isAlone: () => false,
  };
  const asked = inTurn(turn, () => receive().catch(() => 'late'));
  await vi.waitFor(() => expect(begun).toHaveLength(1), { timeout: 30_000 });
  begun[0]?.end('12');
  expect(await asked).toBe('late');
  expect(atWork).toBe(1);
});
