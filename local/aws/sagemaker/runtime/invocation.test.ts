import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { containerServer } from '../hosting/model-server/server';
import { load, type TestBehaviour } from '../hosting/model-server/testing-container';
import { callModel } from './invocation';

let close: (() => void) | null = null;
afterEach(() => close?.());

async function serve(behaviour: TestBehaviour): Promise<number> {
  const server = containerServer(await load('', behaviour));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => server.closeAllConnections();
  server.unref();
  return (server.address() as AddressInfo).port;
}

const headers = { 'content-type': 'text/csv' };
const row = Buffer.from('10,2,25,200,1,20,30,0');

describe('a call of a model', () => {
  test('ends when the time is up', async () => {
    expect(await callModel(await serve({ kind: 'hang' }), headers, row, 30)).toMatchObject({
      kind: 'silent',
      reason: expect.stringContaining('timed out while waiting for a response'),
    });
  });

  test('tells a refusal from a model that is not there', async () => {
    const refusing = await serve({ kind: 'error', status: 500 });
    expect(await callModel(refusing, headers, row, 5000)).toMatchObject({ kind: 'refused', status: 500 });
    expect(await callModel(1, headers, row, 5000)).toMatchObject({ kind: 'unreachable' });
  });
});
