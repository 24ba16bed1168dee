import { once } from 'node:events';
import { type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { writeSession } from '@/lib/server/session-cookie';
import { aside } from '@/lib/turn';
import { createFront, type FrontLimits } from './front';

vi.mock('@/lib/env', () => ({ logSettings: () => ({ level: 'silent', service: 'test' }) }));

const settings = {
  NODE_ENV: 'production',
  NEXTAUTH_URL: 'http://localhost:3000',
  NEXTAUTH_SECRET: 'x'.repeat(32),
  COGNITO_DOMAIN: 'https://sign-in.example',
  ANNEX_STUDIO_ORIGIN: 'https://studio.example',
  ANNEX_TRUSTED_PROXIES: '',
} as const;
const own = { origin: settings.NEXTAUTH_URL };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A front before `serve`, with the requests that reached it. */
async function start(
  limits: Partial<FrontLimits> = {},
  serve: (request: IncomingMessage, response: ServerResponse) => unknown = (_, response) =>
    response.end('served'),
) {
  const served: IncomingMessage[] = [];
  const sockets: Socket[] = [];
  server = createFront(
    async (incoming, response) => {
      served.push(incoming);
      await serve(incoming, response);
    },
    settings,
    new Set(['7f']),
    limits,
  );
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, served, sockets };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

function ask(
  port: number,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = init;
    const sent = request({ port, host: '127.0.0.1', path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Announces a body of `length` bytes, sends what the socket takes of `bytes`, and waits for what comes back. */
function stall(port: number, path: string, length: number, bytes: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\norigin: ${own.origin}\r\ncontent-length: ${length}\r\n\r\n`,
  );
  socket.write(Buffer.alloc(bytes));
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve(text)));
}

const expectSafe = ({ headers }: Answer) => {
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
};

it('gives what it refuses words and security headers, and what it serves headers, too', async () => {
  const { port, served } = await start();
  const page = await ask(port, '/customers/50%', { headers: { accept: 'text/html' } });
  expect(page).toMatchObject({ status: 400, headers: { 'content-type': 'text/html; charset=utf-8' } });
  expect(page.text).toContain('<h1>Address not valid</h1>');
  const document = await ask(port, '/x', { method: 'TRACE' });
  expect(document).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } });
  expect(JSON.parse(document.text)).toMatchObject({ status: 405, title: 'Method not allowed' });
  expect(served).toEqual([]);
  const fine = await ask(port, '/customers');
  expect(fine).toMatchObject({ status: 200, text: 'served' });
  for (const answer of [page, document, fine]) expectSafe(answer);
});

/** The answer to `text`, sent as it stands. */
function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write(text);
  return new Promise((resolve) => socket.once('close', () => resolve(answer)));
}

it('gives words and headers to what Node itself would refuse without', async () => {
  const { port, served } = await start();
  const noHost = await raw(port, 'GET / HTTP/1.1\r\n\r\n');
  expect(noHost).toMatch(/^HTTP\/1\.1 400 [\s\S]*x-content-type-options: nosniff[\s\S]*names no host/i);
  const unmet = await raw(port, 'GET / HTTP/1.1\r\nhost: x\r\nexpect: more\r\n\r\n');
  expect(unmet).toMatch(/^HTTP\/1\.1 417 [\s\S]*x-content-type-options: nosniff[\s\S]*100-continue/i);
  expect(served).toEqual([]);
  expect(await raw(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
});

it('asks only for a body that is not refused', async () => {
  const { port } = await start({}, (incoming, response) => {
    incoming.resume().once('end', () => response.end('served'));
  });
  const head = (length: number) =>
    `POST /sign-out HTTP/1.1\r\nhost: x\r\norigin: ${own.origin}\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`;
  expect(await raw(port, head(9_000_000))).toMatch(/^HTTP\/1\.1 413 /);
  expect(await raw(port, `${head(1)}x`)).toMatch(
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 [\s\S]*served$/,
  );
});

it('answers what is no HTTP with words and security headers', async () => {
  const { port } = await start();
  const socket = connect(port, '127.0.0.1');
  socket.end('GET / HTTP/9.9 \0\r\n\r\n');
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  expect(chunk.toString()).toMatch(
    /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*x-content-type-options: nosniff[\s\S]*Nothing was changed/,
  );
});

it('says in its own words for whom Next answers', async () => {
  const { port, served } = await start();
  await ask(port, '/model', {
    method: 'POST',
    headers: { ...own, 'x-forwarded-host': 'evil.example', 'content-length': '0' },
  });
  expect(served[0]?.headers).toMatchObject({
    'x-forwarded-host': 'localhost:3000',
    'x-forwarded-proto': 'http',
  });
});

it('accepts next to nothing of bodies that are too large, of however many strangers', async () => {
  const { port, served, sockets } = await start();
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => stall(port, '/sign-in', 9_000_000, 2_000_000)),
  );
  for (const answer of answers) expect(answer).toMatch(/^(HTTP\/1\.1 413 |$)/);
  expect(answers.some((answer) => answer.startsWith('HTTP/1.1 413 '))).toBe(true);
  expect(served).toEqual([]);
  const accepted = sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  expect(accepted).toBeLessThan(30 * 200_000);
});

it('keeps room in memory: no more bodies at once than that, and small ones always', async () => {
  const { port, served } = await start({ bodiesBytes: 2_000_000 }, () => undefined);
  const held = [1, 2].map(() => stall(port, '/model', 900_000, 10));
  await vi.waitFor(() => expect(served).toHaveLength(2));
  const post = (length: number) =>
    ask(port, '/model', {
      method: 'POST',
      headers: { ...own, 'content-length': String(length) },
      body: 'x'.repeat(length),
    });
  expect(await post(300_000)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  void post(1_000).catch(() => undefined);
  await vi.waitFor(() => expect(served).toHaveLength(3));
  for (const { socket } of served) socket.destroy();
  await Promise.all(held);
  void post(300_000).catch(() => undefined);
  await vi.waitFor(() => expect(served).toHaveLength(4));
});

it('ends a request whose body does not come', async () => {
  const { port } = await start({ requestMs: 40, headersMs: 40, checkMs: 10 }, () => undefined);
  expect(await stall(port, '/model', 1_000, 10)).toMatch(
    /^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*x-content-type-options/,
  );
});

it('gives the upload of a file more time and no place in memory, but only for somebody who is signed in', async () => {
  const { port, served } = await start(
    { requestMs: 300, uploadMs: 60_000, headersMs: 300, checkMs: 10, bodiesBytes: 1_000 },
    (incoming, response) => {
      incoming.resume().once('end', () => response.end('served'));
    },
  );
  const path = '/customers/import/file';
  expect(await stall(port, path, 400_000_000, 10)).toMatch(/^HTTP\/1\.1 408 /);
  const sent = request({
    port,
    host: '127.0.0.1',
    path,
    method: 'POST',
    headers: { ...own, cookie: await cookieOf('foo'), 'content-length': '400000' },
    agent: false,
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.write(Buffer.alloc(200_000));
  await vi.waitFor(() => expect(served).toHaveLength(2));
  // A stranger that begins later has lost its connection by the time that this body ends.
  expect(await stall(port, path, 400_000_000, 10)).toMatch(/^HTTP\/1\.1 408 /);
  sent.end(Buffer.alloc(200_000));
  const [{ statusCode }] = await answered;
  expect(statusCode).toBe(200);
  expect(
    (await ask(port, path, { method: 'POST', headers: { ...own, 'content-length': '600000000' } })).status,
  ).toBe(413);
});

it('gives what it serves an id of its own', async () => {
  const { port, served } = await start();
  await ask(port, '/customers/import/file', { headers: { 'x-request-id': 'chosen-by-the-client' } });
  expect(served[0]?.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

it('tells what it serves the client’s address, whatever the client says of it', async () => {
  const { port, served } = await start();
  await ask(port, '/sign-up', {
    headers: { 'x-annex-client': '198.51.100.1', 'x-forwarded-for': '198.51.100.2' },
  });
  expect(served[0]?.headers['x-annex-client']).toBe('127.0.0.1');
});

it('limits how many sign-ins a client starts, and all of them together', async () => {
  const { port } = await start({ signIns: { perClient: 2, inAll: 100 } });
  const signIn = (forwarded: string) =>
    ask(port, '/sign-in', {
      method: 'POST',
      headers: { ...own, 'x-forwarded-for': forwarded, 'content-length': '0' },
    });
  expect((await signIn('198.51.100.1')).status).toBe(200);
  expect((await signIn('198.51.100.2')).status).toBe(200);
  const third = await signIn('198.51.100.3');
  expect(third).toMatchObject({
    status: 429,
    headers: { 'retry-after': expect.stringMatching(/^[1-9]\d?$/) },
  });
  expect(third.text).toContain('Wait a minute');
  expectSafe(third);
  expect((await ask(port, '/customers')).status).toBe(200);

  const { port: other } = await start({ signIns: { perClient: 100, inAll: 1 } });
  expect((await ask(other, '/sign-in')).status).toBe(200);
  expect((await ask(other, '/sign-in?callbackUrl=/x')).status).toBe(429);
});

it('leaves the portal to other tenants, however much one asks for', async () => {
  const held: ServerResponse[] = [];
  const { port, served } = await start({}, (_, response) => void held.push(response));
  const noisy = await cookieOf('noisy');
  const asked = Array.from({ length: 40 }, () => ask(port, '/extracts/new', { headers: { cookie: noisy } }));
  await vi.waitFor(() => expect(held).toHaveLength(1));
  const quiet = ask(port, '/customers', { headers: { cookie: await cookieOf('quiet') } });
  await vi.waitFor(() => expect(served.at(-1)?.url).toBe('/customers'));
  expect(held).toHaveLength(2);
  while (served.length < 41) {
    const before = served.length;
    for (const response of held.splice(0)) response.end();
    await vi.waitFor(() => expect(served.length).toBeGreaterThan(before));
  }
  for (const response of held.splice(0)) response.end();
  expect((await Promise.all([quiet, ...asked])).every(({ status }) => status === 200)).toBe(true);
});

it('lets a tenant’s requests work while others of its wait for AWS, and only one at a time', async () => {
  let answer = () => {};
  const aws = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const back: ServerResponse[] = [];
  const { port, served } = await start({}, async ({ url }, response) => {
    if (url === '/slow') {
      await aside(() => aws);
      back.push(response);
    } else response.end('served');
  });
  const headers = { cookie: await cookieOf('foo') };
  const slow = Array.from({ length: 20 }, () => ask(port, '/slow', { headers }));
  await vi.waitFor(() => expect(served).toHaveLength(20));
  expect((await ask(port, '/quick', { headers })).text).toBe('served');
  answer();
  for (let n = 0; n < 20; n += 1) {
    await vi.waitFor(() => expect(back).toHaveLength(1));
    back.pop()?.end();
  }
  expect((await Promise.all(slow)).every(({ status }) => status === 200)).toBe(true);
});

it('gives a request whose waits overlap one place, and takes it back', async () => {
  const signals = Array.from({ length: 3 }, () => {
    let give = () => {};
    const given = new Promise<void>((resolve) => {
      give = resolve;
    });
    return { given, give };
  });
  const [first, second, third] = signals;
  if (!first || !second || !third) throw new Error('There are three.');
  const held: ServerResponse[] = [];
  const { port, served } = await start({}, async ({ url }, response) => {
    if (url === '/hold') {
      held.push(response);
      return;
    }
    if (url === '/page') {
      const later = second.given.then(() => aside(() => third.given));
      await Promise.all([aside(() => first.given), later]);
    }
    response.end('served');
  });
  const headers = { cookie: await cookieOf('foo') };
  const page = ask(port, '/page', { headers });
  await vi.waitFor(() => expect(served).toHaveLength(1));
  const hold = ask(port, '/hold', { headers });
  await vi.waitFor(() => expect(held).toHaveLength(1));
  // One wait ends and asks for a place while another one begins and ends.
  first.give();
  await new Promise(setImmediate);
  second.give();
  await new Promise(setImmediate);
  third.give();
  await new Promise(setImmediate);
  held.pop()?.end();
  expect((await Promise.all([page, hold])).map(({ status }) => status)).toEqual([200, 200]);
  expect((await ask(port, '/quick', { headers })).text).toBe('served');
});

it('serves what a request asks of the portal itself within its own turn, and nobody who pretends to', async () => {
  const held: ServerResponse[] = [];
  const { port, served } = await start({}, async ({ url, headers }, response) => {
    if (url === '/hold') held.push(response);
    else if (url === '/action') {
      const { host: _, connection: __, ...own } = headers as Record<string, string>;
      response.end((await ask(port, '/page', { headers: own })).text);
    } else response.end('served');
  });
  const headers = { cookie: await cookieOf('foo') };
  expect((await ask(port, '/action', { headers })).text).toBe('served');
  const hold = ask(port, '/hold', { headers });
  await vi.waitFor(() => expect(held).toHaveLength(1));
  const pretender = ask(port, '/late', { headers: { ...headers, 'x-annex-within': 'undefined' } });
  const quiet = ask(port, '/quiet', { headers: { cookie: await cookieOf('quiet') } });
  expect((await quiet).text).toBe('served');
  expect(served.map(({ url }) => url)).not.toContain('/late');
  held.pop()?.end();
  expect((await pretender).text).toBe('served');
  await hold;
});

it('does not keep a tenant’s place for a reader that is slow', async () => {
  const { port } = await start({}, (_, response) => {
    if (response.req.url === '/export') response.write(Buffer.alloc(32_000_000));
    else response.end('served');
  });
  const cookie = await cookieOf('foo');
  const socket = connect(port, '127.0.0.1').pause();
  socket.write(`GET /export HTTP/1.1\r\nhost: x\r\ncookie: ${cookie}\r\n\r\n`);
  expect((await ask(port, '/quick', { headers: { cookie } })).text).toBe('served');
  socket.destroy();
});

async function cookieOf(tenantId: string): Promise<string> {
  const session = {
    sub: tenantId,
    sellerId: null,
    email: `a@${tenantId}.example`,
    tenantId,
    roles: [],
    issuedAt: 0,
    expiresAt: 1,
    signedInAt: 0,
    refreshToken: 'r',
  };
  const to = { portalUrl: settings.NEXTAUTH_URL, secret: settings.NEXTAUTH_SECRET };
  const changes = await writeSession(new Map(), session, to);
  return changes.map(({ name, value }) => `${name}=${value}`).join('; ');
}

it('leaves room for the listeners of Next: Node warns of more than ten', async () => {
  const to = { portalUrl: settings.NEXTAUTH_URL, secret: settings.NEXTAUTH_SECRET };
  const session = {
    sub: 's',
    email: 'ada@foo.example',
    tenantId: 'foo',
    sellerId: null,
    roles: [],
    issuedAt: 1,
    expiresAt: 2,
    signedInAt: 1,
    refreshToken: 'r',
  };
  const [cookie] = await writeSession(new Map(), session, to);
  let listeners = 0;
  const { port } = await start({}, (_, response) => {
    listeners = response.listenerCount('close');
    response.end('served');
  });
  const headers = { ...own, cookie: `${cookie?.name}=${cookie?.value}` };
  expect((await ask(port, '/', { headers })).status).toBe(200);
  expect(listeners).toBeGreaterThan(0);
  expect(listeners).toBeLessThan(4);
});
