import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NextRequest } from 'next/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const lines = vi.hoisted((): { level: string; msg: string }[] => []);
vi.mock('@/lib/log', async () => {
  const { Outages } = await import('@/lib/outages');
  const at = (level: string) => (_fields: object, msg: string) => void lines.push({ level, msg });
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { log, outages: new Outages(log) };
});

const portal = 'http://localhost:3996';
let server: Server;
let answer: RequestListener;
let issuer: string;

const breaksOff: RequestListener = (request) => request.socket.destroy();
const failsItself: RequestListener = (_request, response) => response.writeHead(503).end('busy');
const discovers: RequestListener = (request, response) => {
  if (!request.url?.endsWith('/.well-known/openid-configuration')) {
    response.writeHead(400).end('{"error":"invalid_grant"}');
    return;
  }
  const endpoints = ['authorization', 'token', 'revocation'].map((name) => [
    `${name}_endpoint`,
    `${issuer}/${name}`,
  ]);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys`, ...Object.fromEntries(endpoints) }));
};

beforeEach(async () => {
  // next-auth reads it itself.
  vi.stubEnv('NEXTAUTH_URL', portal);
  lines.length = 0;
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pool`;
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
});

const settings = () => ({
  COGNITO_ISSUER: issuer,
  COGNITO_DOMAIN: new URL(issuer).origin,
  COGNITO_CLIENT_ID: 'client',
  COGNITO_CLIENT_SECRET: 'secret',
  NEXTAUTH_URL: portal,
  NEXTAUTH_SECRET: 'x'.repeat(32),
});
vi.mock('@/lib/env', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@/lib/env')>()),
  env: () => settings(),
}));

const { createUserPool, RefreshRefused } = await import('./cognito');
const { startSignIn } = await import('./sign-in');

const expected = [
  { level: 'warn', msg: expect.stringMatching(/^sign-in service cannot be reached/) },
  { level: 'info', msg: expect.stringMatching(/^sign-in service reachable again after \d+ s; 6 failures$/) },
];

it('is two lines for renewals that fail', async () => {
  const pool = createUserPool(settings());
  for (const away of [breaksOff, failsItself]) {
    answer = away;
    for (let n = 0; n < 3; n += 1) await expect(pool.refresh('token')).rejects.toThrow();
  }
  answer = discovers;
  // A refusal is an answer.
  await expect(pool.refresh('token')).rejects.toThrow(RefreshRefused);
  expect(lines).toEqual(expected);
});

describe('a token endpoint that is unwell', () => {
  const token =
    (body: RequestListener): RequestListener =>
    (request, response) =>
      request.url?.endsWith('/token') ? body(request, response) : discovers(request, response);

  it.each<[string, RequestListener]>([
    ['HTML', (_, response) => response.end('<html>busy</html>')],
    ['nothing', (_, response) => response.end()],
    ['half an answer', (_, response) => response.write('{"id_tok', () => response.destroy())],
    ['other JSON', (_, response) => response.end('{"tokens":[]}')],
    ['an unsigned token', (_, response) => response.end('{"id_token":"eyJhbGciOiJub25lIn0.e30."}')],
    ['400 without words', (_, response) => response.writeHead(400).end('{}')],
    ['400 with HTML', (_, response) => response.writeHead(400).end('<html>')],
    ['another error', (_, response) => response.writeHead(401).end('{"error":"invalid_client"}')],
  ])('ends no session with %s', async (_, body) => {
    answer = token(body);
    const failed = await createUserPool(settings())
      .refresh('token')
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(failed).not.toBeInstanceOf(RefreshRefused);
  });
});

it('is two lines for sign-ins that fail', async () => {
  const start = () => startSignIn(new NextRequest(`${portal}/sign-in`));
  for (const away of [breaksOff, failsItself]) {
    answer = away;
    for (let n = 0; n < 3; n += 1) {
      expect((await start()).headers.get('location')).toContain('/auth-error?error=OAuthSignin');
    }
  }
  answer = discovers;
  expect((await start()).headers.get('location')).toContain(`${issuer}/authorization`);
  expect(lines).toEqual(expected);
});
