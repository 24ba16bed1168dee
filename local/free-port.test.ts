import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from './free-port';

it('gives ports that can be listened on, each once, and none that an outgoing connection may get', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, freePort));
  expect(new Set(ports).size).toBe(ports.length);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(ports[0], '127.0.0.1', resolve));
  await new Promise((resolve) => server.close(resolve));
});
