import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mail } from '../aws/core/services';
import { startPool, type TestPool } from '../testing/user-pool';

let pool: TestPool;
beforeAll(async () => {
  pool = await startPool();
});
afterAll(() => pool.stop());

const send = (mail: Partial<Mail>) =>
  pool.outbox().deliver({
    service: 'Amazon SES',
    from: 'annex@xyz.example',
    to: 'ada@foo.example',
    subject: 'Hello',
    text: 'Text',
    ...mail,
  });
const page = async (query = ''): Promise<string> => (await fetch(`${pool.origin}/outbox${query}`)).text();

/** As a browser whose address bar shows the host `host`. */
async function get(path: string, host: string) {
  const { port } = new URL(pool.origin);
  const asked = request({ host: '127.0.0.1', port, path, headers: { host } });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe('who may read the outbox', () => {
  it('is whoever asks by a name of this machine', async () => {
    await send({ text: 'a secret' });
    const { port } = new URL(pool.origin);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'localhost']) {
      const { status, body } = await get('/outbox.json', host);
      expect([host, status]).toEqual([host, 200]);
      expect(body).toContain('a secret');
    }
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80@localhost',
    'localhost:80:80',
    'localhost.',
    'foo.localhost',
    '127.0.0.2',
    '[::2]',
    'localhost@evil.example',
  ])('is nobody who leads the name %j here', async (host) => {
    for (const path of ['/outbox', '/outbox.json']) {
      const { status, body } = await get(path, host);
      expect([path, status]).toEqual([path, 403]);
      expect(body).not.toContain('a secret');
    }
  });

  it('is no page of another origin', async () => {
    const response = await fetch(`${pool.origin}/outbox.json`, {
      headers: { origin: 'http://localhost:3999' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { headers } = await get('/outbox', 'localhost');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('reads only', async () => {
    for (const method of ['POST', 'DELETE', 'PUT', 'OPTIONS']) {
      expect((await fetch(`${pool.origin}/outbox`, { method })).status).toBe(404);
    }
  });
});

describe('the outbox', () => {
  it('shows mails with their heading and facts, the newest first, by address', async () => {
    await send({ to: 'grace@bar.example', subject: 'First' });
    await send({ to: 'grace@bar.example', subject: 'Second', service: 'Amazon Cognito' });
    const html = await page('?to=GRACE@bar.example');
    expect(html).toContain('<h1>Outbox</h1>');
    expect(html).not.toContain('<script');
    expect([...html.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, subject]) => subject)).toEqual([
      'Second',
      'First',
    ]);
    expect(html).toContain('annex@xyz.example, by Amazon Cognito');
    expect(html).toContain('value="GRACE@bar.example"');
  });

  it('is readable as JSON', async () => {
    const sent = await send({ to: 'json@bar.example' });
    expect(await pool.mailsTo('json@bar.example')).toEqual([sent]);
    expect(sent).toMatchObject({
      service: 'Amazon SES',
      from: 'annex@xyz.example',
      subject: 'Hello',
      text: 'Text',
    });
    expect(Date.parse(sent.at)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('escapes everything, and links http addresses alone', async () => {
    const attack = '"><script>alert(1)</script>';
    await send({
      to: `${attack}@x.example`,
      from: attack,
      subject: attack,
      text: `${attack} javascript:alert(1) data:text/html,x ftp://x.example http://ok.example/?a=1&b=2. (https://ok.example/"onclick=alert(1))`,
    });
    for (const query of ['', `?to=${encodeURIComponent(attack)}`]) {
      const html = await page(query);
      expect(html).not.toContain('<script');
      const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');
      expect(links.filter((href) => !/^(https?:\/\/|\/|data:,$)/.test(href))).toEqual([]);
      expect(html).not.toMatch(/<a [^>]*onclick/);
    }
    const html = await page();
    expect(html).toContain('<a href="http://ok.example/?a=1&amp;b=2" rel="noopener noreferrer">');
    expect(html).toContain('<a href="https://ok.example/" rel="noopener noreferrer">');
  });

  it('says when there is nothing', async () => {
    expect(await page('?to=nobody@x.example')).toContain('No mail to nobody@x.example.');
    const empty = await startPool();
    try {
      expect(await (await fetch(`${empty.origin}/outbox`)).text()).toContain('No mail was sent yet.');
    } finally {
      await empty.stop();
    }
  });

  it('leads on to older mails', async () => {
    for (let count = 1; count <= 51; count += 1)
      await send({ to: 'many@x.example', subject: `No. ${count}` });
    const first = await page('?to=many@x.example');
    expect(first.match(/<li>/g)).toHaveLength(50);
    const older = /<a href="([^"]*)">Older mails<\/a>/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await (await fetch(new URL(older, pool.origin))).text();
    expect([...second.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, subject]) => subject)).toEqual(['No. 1']);
    expect(second).not.toContain('Older mails');
    expect((await page('?before=nonsense&to=many@x.example')).match(/<li>/g)).toHaveLength(50);
  });

  it('is there after a restart', async () => {
    await send({ to: 'kept@x.example' });
    await pool.restart();
    expect(await pool.mailsTo('kept@x.example')).toHaveLength(1);
  });
});
