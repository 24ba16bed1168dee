import type { IncomingMessage } from 'node:http';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Buckets, Iam } from '@/local/aws/core/service';
import { tenantAccountRole } from '@/local/aws/iam/policies';
import { startTestAws, type TestAws } from '@/local/testing/wired-world';
import { tenantClient } from '../core/clients';
import { tenantBucket } from '../core/tenant-bucket';
import { extractFiles, extractPrefix } from './extract-files';

const account = '222222222222';
const Bucket = tenantBucket('foo', account);
let stack: TestAws;

beforeAll(async () => {
  stack = await startTestAws();
  await stack.standIn.service<Iam>('iam').putRole(tenantAccountRole('foo', account));
  await stack.standIn.service<Buckets>('s3').createBucket(account, Bucket);
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
