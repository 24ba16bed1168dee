import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CreatePresignedDomainUrlResponse, DescribeAppResponse } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../core/service';
import { createFakeClient } from '../testing/fake-client';
import { type FakeStandIn, fakeStandIn, tenantCaller } from '../testing/fake-stand-in';

let fake: FakeStandIn;
let foo: Caller;
let DomainId: string;
let server: Server;
let base: string;

beforeEach(async () => {
  fake = fakeStandIn();
  const client = createFakeClient(fake);
  const accountId = await client.accountOf('token-1', 'foo');
  foo = tenantCaller(accountId, 'foo');
  DomainId = (await client.domain(accountId))?.DomainId ?? '';
  await fake.call('sagemaker', 'CreateUserProfile', { DomainId, UserProfileName: 'ada' }, foo);
  await fake.settle();
  server = createServer(
    (request, response) => void fake.studio.handle(request, response, null, 'request', null),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function launchUrl(limits: object = {}): Promise<string> {
  const input = { DomainId, UserProfileName: 'ada', ...limits };
  const answer = await fake.call<CreatePresignedDomainUrlResponse>(
    'sagemaker',
    'CreatePresignedDomainUrl',
    input,
    foo,
  );
  const { pathname, search } = new URL(answer.AuthorizedUrl ?? '');
  return `${base}${pathname}${search}`;
}

const get = (url: string, cookie = '') => fetch(url, { redirect: 'manual', headers: { cookie } });
const home = () => `${base}/studio/${DomainId}/`;

async function signIn(limits?: object): Promise<string> {
  const answer = await get(await launchUrl(limits));
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(`/studio/${DomainId}/`);
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const later = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });

describe('signing in', () => {
  it('sets a cookie for this domain alone that no script reads', async () => {
    const cookie = (await get(await launchUrl())).headers.get('set-cookie') ?? '';
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).toContain(`Path=/studio/${DomainId}`);
    expect(cookie).toMatch(/Max-Age=43[12]\d\d;/);
  });

  it('works once', async () => {
    const url = await launchUrl();
    expect((await get(url)).status).toBe(303);
    const again = await get(url);
    expect(again.status).toBe(403);
    expect(again.headers.get('set-cookie')).toBeNull();
    expect(await again.text()).toContain('already been used');
  });

  it('of many at once, one gets in', async () => {
    const url = await launchUrl();
    const answers = await Promise.all(Array.from({ length: 8 }, () => get(url)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(7).fill(403)]);
  });

  it('refuses a link that has expired', async () => {
    const url = await launchUrl({ ExpiresInSeconds: 5 });
    later(6);
    const answer = await get(url);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('has expired');
  });

  it('refuses a made-up token, and one of another domain without spending it', async () => {
    expect(await (await get(`${home()}auth?token=made-up`)).text()).toContain('isn’t valid');
    const url = await launchUrl();
    const elsewhere = await get(url.replace(DomainId, 'd-aaaaaaaaaaaa'));
    expect(elsewhere.status).toBe(403);
    expect((await get(url)).status).toBe(303);
  });

  it('is not done by a HEAD request, which link previews send', async () => {
    const url = await launchUrl();
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(404);
    expect((await get(url)).status).toBe(303);
  });

  it('is needed, and ends', async () => {
    expect((await get(home())).status).toBe(401);
    expect((await get(home(), 'studio-session=made-up')).status).toBe(401);
    const cookie = await signIn({ SessionExpirationDurationInSeconds: 1800 });
    expect((await get(home(), cookie)).status).toBe(200);
    later(1801);
    expect((await get(home(), cookie)).status).toBe(401);
  });

  it('ends by signing out', async () => {
    const cookie = await signIn();
    const out = await fetch(`${home()}sign-out`, { method: 'POST', headers: { cookie } });
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await get(home(), cookie)).status).toBe(401);
  });

  it('ignores a form of another site', async () => {
    const cookie = await signIn();
    const headers = { cookie, 'sec-fetch-site': 'same-site' };
    expect((await fetch(`${home()}sign-out`, { method: 'POST', headers })).status).toBe(403);
    expect((await get(home(), cookie)).status).toBe(200);
  });
});

describe('the page', () => {
  it('shows where one is and that the bucket is empty', async () => {
    const text = await (await get(home(), await signIn())).text();
    for (const part of [
      'SageMaker Studio (local)',
      DomainId,
      foo.accountId,
      'annex-foo',
      'us-east-1',
      'ada',
      'ml.t3.large',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('No objects yet');
  });

  it('shows the objects, escaped, and says when there are more', async () => {
    const bucket = `annex-foo-${foo.accountId}`;
    const modifiedAt = '2026-03-01T10:20:30.000Z';
    const cookie = await signIn();
    fake.kept.objects.set(bucket, [{ key: '<script>alert(1)</script>&"', bytes: 2048, modifiedAt }]);
    const one = await (await get(home(), cookie)).text();
    expect(one).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;');
    expect(one).not.toContain('<script');
    expect(one).toContain('2.0 KiB');
    expect(one).toContain('2026-03-01 10:20 UTC');
    const many = Array.from({ length: 1500 }, (_, index) => ({ key: `k${index}`, bytes: 1, modifiedAt }));
    fake.kept.objects.set(bucket, many);
    const page = await (await get(home(), cookie)).text();
    expect(page).toContain('The first 200 of 1,000+ objects');
    expect(page.match(/<tr>/g)).toHaveLength(201);
  });

  it('says when the bucket is gone', async () => {
    fake.kept.buckets.clear();
    expect(await (await get(home(), await signIn())).text()).toContain('Bucket not found');
  });

  it('may not be framed, stored, scripted or told of', async () => {
    const { headers } = await get(home(), await signIn());
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('script-src');
    expect(policy).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('starts JupyterLab at the first sign-in, stops it when idle and starts it again when asked', async () => {
    const app = { DomainId, UserProfileName: 'ada', AppType: 'JupyterLab', AppName: 'default' };
    const describeApp = () => fake.call<DescribeAppResponse>('sagemaker', 'DescribeApp', app, foo);
    await expect(describeApp()).rejects.toMatchObject({ code: 'ResourceNotFound' });
    const cookie = await signIn();
    expect(await (await get(home(), cookie)).text()).toContain('Starting');
    await fake.settle();
    expect(await (await get(home(), cookie)).text()).toContain('InService');
    later(121 * 60);
    await fake.settle(1000, 3 * 60 * 60_000);
    expect((await describeApp()).Status).toBe('Deleted');
    expect(await (await get(home(), cookie)).text()).toContain('Start JupyterLab');
    await fetch(`${home()}start`, { method: 'POST', headers: { cookie }, redirect: 'manual' });
    expect((await describeApp()).Status).toBe('Pending');
  });

  it('is not there for a path that nobody has', async () => {
    expect((await get(`${base}/studio/`)).status).toBe(404);
    expect((await get(`${home()}elsewhere`, await signIn())).status).toBe(404);
  });

  it('says so when it fails, without the token in the log', async () => {
    const logged: unknown[] = [];
    fake.standIn.log.error = (fields, message) => void logged.push(fields, message);
    fake.standIn.state.get = async () => {
      throw new Error('disk');
    };
    const answer = await get(`${home()}auth?token=secret-token`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('Reference: request');
    expect(logged).toHaveLength(2);
    expect(JSON.stringify(logged)).not.toContain('secret-token');
  });
});
