import { request } from 'node:http';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { s3Client, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';

const Bucket = 'annex-foo-222222222222';
let aws: TestAws;
let foo: S3Client;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', '222222222222');
  foo = s3Client(aws, await tenantKeys(aws, 'foo', '222222222222'));
});
afterAll(() => aws.stop());

const text = async (Key: string) =>
  (await foo.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const put = (Key: string, Body: string) => foo.send(new PutObjectCommand({ Bucket, Key, Body }));

test('serves presigned URLs until they expire, in the path or in the host', async () => {
  await put('shared', 'for whoever has the link');
  const url = await presign('GET', `/${Bucket}/shared`, 60);
  expect(await (await fetch(url)).text()).toBe('for whoever has the link');
  expect((await fetch(url.replace('shared', 'secret'))).status).toBe(403);
  expect((await fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).status).toBe(403);
  const late = await fetch(await presign('GET', `/${Bucket}/shared`, 1, new Date(Date.now() - 5000)));
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
  const target = await presign('PUT', `/${Bucket}/posted`, 60);
  expect((await fetch(target, { method: 'PUT', body: 'hello' })).status).toBe(200);
  expect(await text('posted')).toBe('hello');
  const port = new URL(aws.origin).port;
  const host = `${Bucket}.localhost:${port}`;
  expect(await getFromHost(await presign('GET', '/shared', 60, new Date(), host), host)).toBe(
    'for whoever has the link',
  );
});

test('answers malformed requests without falling over', async () => {
  const { origin } = aws;
  for (const path of [
    '/%',
    '/%zz/x',
    `/${'a'.repeat(3000)}`,
    '/b?X-Amz-Signature=1',
    '/b?X-Amz-Algorithm=AWS4-HMAC-SHA256',
  ]) {
    const answer = await fetch(origin + path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).toContain('<Code>');
  }
  const url = await presign('POST', `/${Bucket}?delete`, 60);
  const broken = await fetch(url, {
    method: 'POST',
    body: '<Delete><Object>',
    headers: { 'content-md5': 'x' },
  });
  expect(broken.status).toBe(400);
  expect(await text('shared')).toBe('for whoever has the link');
});

/** Presigns with the SDK's own signer. */
async function presign(
  method: string,
  path: string,
  expiresIn: number,
  signingDate = new Date(),
  host?: string,
): Promise<string> {
  const { hostname, port } = new URL(aws.origin);
  const [pathname = '', search] = path.split('?');
  const signer = await foo.config.signer();
  if (!('presign' in signer) || typeof signer.presign !== 'function')
    throw new Error('the signer cannot presign');
  const signed = await signer.presign(
    {
      method,
      protocol: 'http:',
      hostname: host?.split(':')[0] ?? hostname,
      port: Number(port),
      path: pathname,
      query: search === undefined ? {} : { [search]: '' },
      headers: { host: host ?? `${hostname}:${port}`, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
    { expiresIn, signingDate },
  );
  const query = Object.entries(signed.query as Record<string, string>)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return `http://${hostname}:${port}${signed.path}?${query}`;
}

function getFromHost(url: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { host } }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
    });
    call.on('error', reject);
    call.end();
  });
}
