import type { IncomingMessage } from 'node:http';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { tenantClient } from '../core/clients';
import { tenantBucket } from '../core/tenant-bucket';
import { extractFiles, extractPrefix } from './extract-files';

const account = '222222222222';
const Bucket = tenantBucket('foo', account);
let stack: ProductAws;

beforeAll(async () => {
  stack = await startProductAws();
  await stack.vend('foo', account);
});
afterAll(() => stack?.stop());

it('lets go of a manifest that is too long to be one', async () => {
  const client = tenantClient(S3Client, { kind: 'silo', tenantId: 'foo', accountId: account });
  const Key = `${extractPrefix('r1')}manifest.json`;
  await client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(8 * 1024 * 1024, ' ') }));
  const bodies: IncomingMessage[] = [];
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      bodies.push((result.response as { body: IncomingMessage }).body);
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const seen = await extractFiles('foo').verify(account, { requestId: 'r1', attempt: 1 });
  expect(seen).toEqual({ state: 'different', reason: 'its manifest can’t be read.' });
  expect(bodies.map(({ destroyed, complete }) => ({ destroyed, complete }))).toEqual([
    { destroyed: true, complete: false },
  ]);
});

it('signs downloads with the tenant’s role, for five minutes and under the name to save as', async () => {
  const client = tenantClient(S3Client, { kind: 'silo', tenantId: 'foo', accountId: account });
  const Key = `${extractPrefix('r2')}data.csv`;
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'a,b\n1,2\n' }));
  const request = { requestId: 'r2', name: 'data.csv', saveAs: 'orders (1).csv' };
  const url = new URL(await extractFiles('foo').downloadUrl(account, request));
  expect(url.origin + url.pathname).toBe(`${stack.origin}/${Bucket}/${Key}`);
  expect([...url.searchParams.keys()].map((name) => name.toLowerCase()).sort()).toEqual([
    'response-content-disposition',
    'x-amz-algorithm',
    'x-amz-content-sha256',
    'x-amz-credential',
    'x-amz-date',
    'x-amz-expires',
    'x-amz-security-token',
    'x-amz-signature',
    'x-amz-signedheaders',
    'x-id',
  ]);
  expect(url.searchParams.get('X-Amz-Expires')).toBe('300');
  expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host');
  const answer = await fetch(url);
  expect([answer.status, await answer.text()]).toEqual([200, 'a,b\n1,2\n']);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="orders__1_.csv"');
  const other = await fetch(url.href.replace('data.csv', 'manifest.json'));
  expect(other.status).toBe(403);
});
