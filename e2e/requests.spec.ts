import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import { signIn } from './journey';
import { errorsOf } from './portal-log';
import { journeyStack as stack } from './stack';
import { mintTenant, mintUser } from './tenants';

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends what no HTTP client would, and returns the head of the answer. */
function ask(
  path: string,
  cookie: string,
  { method = 'GET', headers = {}, body = '' }: Sent,
): Promise<string> {
  const { port, hostname } = new URL(stack.origin);
  const lines = Object.entries({
    host: `${hostname}:${port}`,
    connection: 'close',
    accept: 'text/html',
    cookie,
    ...(method === 'POST' && { origin: stack.origin, 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve(text.split('\r\n\r\n', 1)[0] ?? ''));
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  });
}

const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
const field = (name: string, value: string) =>
  `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--x--\r\n`;
const cursor = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');

const garbage: readonly (readonly [string, Sent?])[] = [
  ['/customers/50%'],
  ['/customers/%ED%A0%80'],
  ['/customers/%00'],
  ['/customers/%00/export'],
  ['/customers?cursor=zzz&search=%ED%A0%80%'],
  ['/customers?sort=x&sort=y&band=%00'],
  ...[['2025-02-31', 1, 'x', 1], [1, 2, 3, 4], ['\ud800', 0, '1', 0], null, {}].map(
    (position) => [`/customers/C0001?before=${cursor(position)}`] as const,
  ),
  [`/customers?cursor=${cursor({ l: 1, d: [], s: null })}`],
  ['/model?after=zzz&before=zzz&endpoint=%00'],
  ['/extracts?before=%00'],
  ['/extracts/%00'],
  ['/extracts/new?dataset=%00&columns=%ED%A0%80&from=99999-99-99&asOf=x'],
  ['/monitoring?endpoint=%00&variant=%00&range=x'],
  ['/monitoring/data?endpoint=%00'],
  ['/model/report?endpoint=%00'],
  ['/api/auth/callback/cognito?code=%ED%A0%80&state=x'],
  ...['TRACE', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'].map(
    (method) => ['/customers', { method }] as const,
  ),
  ...['%', '{}', '[', encodeURIComponent('["x",{"a":["b",{}]},null,"refetch"]')].map(
    (state) => ['/customers', { headers: { rsc: '1', 'next-router-state-tree': state } }] as const,
  ),
  ['/_next/static/../../customers'],
  ['/./sign-in'],
  ['/sign-in#x'],
  ...['/nothing', '//localhost:1/x', '/customers'].map(
    (path) => [path, { headers: { connection: 'Upgrade, close', upgrade: 'websocket' } }] as const,
  ),
  ['/customers', { headers: { expect: 'more' } }],
  ['/customers', { headers: { rsc: 'x', 'next-router-prefetch': 'zzz', 'next-url': '/%' } }],
  ['/customers', { headers: { rsc: '1', 'next-router-segment-prefetch': '/_zz' } }],
  ['/customers', { headers: { 'x-forwarded-host': 'a b', 'x-forwarded-proto': '%%', range: 'bytes=-x' } }],
  ...['null', '[]', '{', '["$K1"]', ''].map(
    (body) => ['/model', { method: 'POST', headers: { 'next-action': '7f'.repeat(21) }, body }] as const,
  ),
  ['/model', { method: 'POST', headers: multipart, body: 'zzz' }],
  ['/model', { method: 'POST', headers: multipart, body: field('$ACTION_ID_zzz', '') }],
  ['/model', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }],
  ['/extracts/new/submit', { method: 'POST', headers: multipart, body: 'zzz' }],
  ['/sign-in?callbackUrl=%ED%A0%80', { method: 'POST', headers: multipart, body: field('callbackUrl', '%') }],
];

test('garbage is answered with words, and is no failure of ours', async ({ page, context }) => {
  await signIn(page, await mintUser('scientist', (await mintTenant()).id));
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const ids: string[] = [];
  for (const [path, sent = {}] of garbage) {
    const head = await ask(path, cookie, sent);
    const what = `${sent.method ?? 'GET'} ${path} ${JSON.stringify(sent)}`;
    expect(head, what).toMatch(/^HTTP\/1\.1 [234]\d\d /);
    expect(head.toLowerCase(), what).toContain('\r\nx-content-type-options: nosniff');
    expect(head.toLowerCase(), what).toContain("frame-ancestors 'none'");
    ids.push(/^x-request-id: (\S+)/im.exec(head)?.[1] ?? '');
  }
  expect(await errorsOf(ids)).toEqual([]);
});

test('a percent sign in an address is explained to whoever typed it', async ({ page }) => {
  expect((await page.goto('/customers/50%'))?.status()).toBe(400);
  await expect(page.getByRole('heading', { level: 1, name: 'Address not valid' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to your start page' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' }).first()).toBeVisible();
});
