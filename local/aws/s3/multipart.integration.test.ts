import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
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

const named = (name: string) => expect.objectContaining({ name });

test('puts parts together, and keeps no file of them', async () => {
  const Key = 'big';
  const parts = [randomBytes(5 * 1024 * 1024), randomBytes(5 * 1024 * 1024), randomBytes(1000)];
  const { UploadId } = await foo.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'a/b', ChecksumAlgorithm: 'CRC32' }),
  );
  const upload = { Bucket, Key, UploadId };
  const done: { PartNumber: number; ETag: string | undefined; ChecksumCRC32: string | undefined }[] = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const { ETag, ChecksumCRC32 } = await foo.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    done.push({ PartNumber, ETag, ChecksumCRC32 });
  }
  expect(
    (await foo.send(new ListPartsCommand({ ...upload, MaxParts: 2 }))).Parts?.map(({ Size }) => Size),
  ).toEqual([5 * 1024 * 1024, 5 * 1024 * 1024]);
  expect(
    (await foo.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.map((u) => u.UploadId),
  ).toEqual([UploadId]);
  const complete = (Parts: object[]) =>
    foo.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  await expect(complete([...done].reverse())).rejects.toThrow(named('InvalidPartOrder'));
  await expect(complete([{ ...done[0], ETag: '"x"' }])).rejects.toThrow(named('InvalidPart'));
  const { ETag } = await complete(done);
  const md5 = createHash('md5');
  for (const part of parts) md5.update(createHash('md5').update(part).digest());
  expect(ETag).toBe(`"${md5.digest('hex')}-3"`);
  const got = await foo.send(new GetObjectCommand({ Bucket, Key }));
  expect(got.ContentType).toBe('a/b');
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat(parts))).toBe(true);
  await expect(complete(done)).rejects.toThrow(named('NoSuchUpload'));
});

test('aborts an upload', async () => {
  const { UploadId } = await foo.send(new CreateMultipartUploadCommand({ Bucket, Key: 'aborted' }));
  const upload = { Bucket, Key: 'aborted', UploadId };
  await foo.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'x' }));
  await foo.send(new AbortMultipartUploadCommand(upload));
  await expect(foo.send(new ListPartsCommand(upload))).rejects.toThrow(named('NoSuchUpload'));
  await expect(foo.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'x' }))).rejects.toThrow(
    named('NoSuchUpload'),
  );
});
