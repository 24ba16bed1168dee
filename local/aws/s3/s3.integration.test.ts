import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ObjectAttributes,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Keys, s3Client, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';

const Bucket = 'annex-foo-222222222222';
let aws: TestAws;
let keys: Keys;
let foo: S3Client;
let bar: S3Client;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', '222222222222');
  await aws.vend('bar', '333333333333');
  keys = await tenantKeys(aws, 'foo', '222222222222');
  foo = s3Client(aws, keys);
  bar = s3Client(aws, await tenantKeys(aws, 'bar', '333333333333'));
});
afterAll(() => aws.stop());

const named = (name: string) => expect.objectContaining({ name });
const text = async (Key: string, more = {}) =>
  (await foo.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();
const put = (Key: string, Body: string | Buffer, more = {}) =>
  foo.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

test('keeps an object with its headers, metadata, encryption and checksum', async () => {
  const key = "a b/ü+&'(1)*.csv";
  const answer = await put(key, 'x,y\n1,2\n', {
    ContentType: 'text/csv',
    CacheControl: 'no-store',
    Metadata: { policy: '7' },
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: 'alias/x',
  });
  expect(answer.ETag).toBe(`"${createHash('md5').update('x,y\n1,2\n').digest('hex')}"`);
  expect(answer.ChecksumCRC32).toBeDefined();
  const head = await foo.send(new HeadObjectCommand({ Bucket, Key: key }));
  expect(head).toMatchObject({
    ContentLength: 8,
    ContentType: 'text/csv',
    CacheControl: 'no-store',
    Metadata: { policy: '7' },
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: 'alias/x',
    ETag: answer.ETag,
  });
  expect(await text(key)).toBe('x,y\n1,2\n');
  expect(await text(key, { ResponseContentType: 'text/plain' })).toBe('x,y\n1,2\n');
});

test('takes a stream, with its checksum in the trailer, and an empty object', async () => {
  const data = randomBytes(300_000);
  const Body = Readable.from([data.subarray(0, 100_001), data.subarray(100_001)]);
  await foo.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: data.length }));
  const got = await foo.send(new GetObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }));
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(data)).toBe(true);
  await put('empty', '');
  expect(await text('empty')).toBe('');
});

test('reads ranges and honours conditions', async () => {
  await put('range', '0123456789');
  const { ETag } = await foo.send(new HeadObjectCommand({ Bucket, Key: 'range' }));
  expect(await text('range', { Range: 'bytes=2-4' })).toBe('234');
  expect(await text('range', { Range: 'bytes=-3' })).toBe('789');
  expect(await text('range', { Range: 'bytes=7-' })).toBe('789');
  const partial = await foo.send(new GetObjectCommand({ Bucket, Key: 'range', Range: 'bytes=8-100' }));
  expect(partial.ContentRange).toBe('bytes 8-9/10');
  await partial.Body?.transformToString();
  await expect(text('range', { Range: 'bytes=10-' })).rejects.toThrow(named('InvalidRange'));
  expect(await text('range', { IfMatch: ETag })).toBe('0123456789');
  await expect(text('range', { IfMatch: '"other"' })).rejects.toThrow(named('PreconditionFailed'));
  await expect(text('range', { IfNoneMatch: ETag })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  });
  await expect(put('range', 'x', { IfNoneMatch: '*' })).rejects.toThrow(named('PreconditionFailed'));
  await put('range', 'new', { IfMatch: ETag });
  expect(await text('range')).toBe('new');
});

test('refuses bytes that are not what was declared', async () => {
  const wrong = Buffer.alloc(16).toString('base64');
  await expect(put('bad', 'abc', { ContentMD5: wrong })).rejects.toThrow(named('BadDigest'));
  await expect(put('bad', 'abc', { ChecksumCRC32: 'AAAAAA==' })).rejects.toThrow(named('BadDigest'));
  await expect(put('bad', 'abc', { ChecksumSHA256: 'AAAA' })).rejects.toThrow(named('BadDigest'));
  await expect(text('bad')).rejects.toThrow(named('NoSuchKey'));
  expect(await readdir(join(aws.dir, 'aws', 's3', 'drafts'))).toEqual([]);
});

test('deletes nothing for a request that it does not understand', async () => {
  await foo.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'x' }));
  const ask = (Objects: { Key: string; VersionId?: string }[]) =>
    foo.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  await expect(ask([{ Key: 'kept' }, { Key: '' }])).rejects.toMatchObject({ name: 'MalformedXML' });
  expect(await ask([{ Key: 'kept', VersionId: 'older' }])).toMatchObject({
    Errors: [{ Key: 'kept', Code: 'NoSuchVersion' }],
  });
  await foo.send(new HeadObjectCommand({ Bucket, Key: 'kept' }));
  expect(await ask([{ Key: 'kept', VersionId: 'null' }])).toMatchObject({ Deleted: [{ Key: 'kept' }] });
});

test('tells the attributes that are asked for', async () => {
  await foo.send(new PutObjectCommand({ Bucket, Key: 'told', Body: 'hello', ChecksumAlgorithm: 'SHA256' }));
  const attributes = (...ObjectAttributes: ObjectAttributes[]) =>
    foo.send(new GetObjectAttributesCommand({ Bucket, Key: 'told', ObjectAttributes }));
  const sum = createHash('sha256').update('hello').digest('base64');
  expect(await attributes('ETag', 'Checksum', 'ObjectSize', 'StorageClass')).toMatchObject({
    ETag: createHash('md5').update('hello').digest('hex'),
    Checksum: { ChecksumSHA256: sum, ChecksumType: 'FULL_OBJECT' },
    ObjectSize: 5,
    StorageClass: 'STANDARD',
    LastModified: expect.any(Date),
  });
  expect((await attributes('ObjectSize')).ETag).toBeUndefined();
  await expect(
    bar.send(new GetObjectAttributesCommand({ Bucket, Key: 'told', ObjectAttributes: ['ETag'] })),
  ).rejects.toMatchObject({ name: 'AccessDenied' });
  await foo.send(new DeleteObjectCommand({ Bucket, Key: 'told' }));
});

test('keeps tags with an object and its copies, and refuses bad ones', async () => {
  const tags = async (Key: string) =>
    (await foo.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet?.map(
      (tag) => `${tag.Key}=${tag.Value}`,
    );
  await foo.send(new PutObjectCommand({ Bucket, Key: 'tagged', Body: 'x', Tagging: 'kind=model&a%20b=c' }));
  expect(await tags('tagged')).toEqual(['kind=model', 'a b=c']);
  expect((await foo.send(new GetObjectCommand({ Bucket, Key: 'tagged' }))).TagCount).toBe(2);
  await foo.send(new CopyObjectCommand({ Bucket, Key: 'copied', CopySource: `${Bucket}/tagged` }));
  expect(await tags('copied')).toEqual(['kind=model', 'a b=c']);
  const put = (TagSet: { Key: string; Value: string }[]) =>
    foo.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet } }));
  const eleven = Array.from({ length: 11 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
  await expect(put(eleven)).rejects.toMatchObject({ name: 'BadRequest' });
  await expect(put([{ Key: '<', Value: '' }])).rejects.toMatchObject({ name: 'InvalidTag' });
  expect(await tags('tagged')).toEqual(['kind=model', 'a b=c']);
  await put([{ Key: 'its', Value: 'x' }]);
  expect(await tags('tagged')).toEqual(['its=x']);
  await expect(bar.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  for (const Key of ['tagged', 'copied']) await foo.send(new DeleteObjectCommand({ Bucket, Key }));
});

test('copies and deletes', async () => {
  await put('source', 'data', { ContentType: 'text/x', Metadata: { a: '1' } });
  await foo.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/source` }));
  const replaced = { MetadataDirective: 'REPLACE', Metadata: { b: '2' }, ContentType: 'text/y' } as const;
  await foo.send(
    new CopyObjectCommand({ Bucket, Key: 'source', CopySource: `/${Bucket}/source`, ...replaced }),
  );
  await foo.send(new DeleteObjectCommand({ Bucket, Key: 'missing' }));
  expect(await foo.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject({
    ContentType: 'text/x',
    Metadata: { a: '1' },
  });
  expect(await foo.send(new HeadObjectCommand({ Bucket, Key: 'source' }))).toMatchObject({
    ContentType: 'text/y',
    Metadata: { b: '2' },
  });
  await foo.send(new DeleteObjectCommand({ Bucket, Key: 'source' }));
  expect(await text('copy')).toBe('data');
  const { Deleted } = await foo.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'copy' }, { Key: 'no & such' }] } }),
  );
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['copy', 'no & such']);
  await expect(text('copy')).rejects.toThrow(named('NoSuchKey'));
});

test('lists by prefix, delimiter, page and start, in the order of bytes', async () => {
  const all = ['l/a', 'l/b/1', 'l/b/2', 'l/b/3', 'l/c', 'l/d/1', 'l/é & <x>', 'l/😀'];
  for (const key of all) await put(key, key);
  const list = (more: object) => foo.send(new ListObjectsV2Command({ Bucket, Prefix: 'l/', ...more }));
  const keysOf = (page: { Contents?: { Key?: string | undefined }[] | undefined }) =>
    (page.Contents ?? []).map(({ Key }) => Key);
  expect(keysOf(await list({}))).toEqual(all);
  expect(keysOf(await list({ EncodingType: 'url' })).map((key) => decodeURIComponent(key ?? ''))).toEqual(
    all,
  );
  expect(keysOf(await list({ StartAfter: 'l/b/2' }))).toEqual(all.slice(3));
  const grouped = await list({ Delimiter: '/' });
  expect(keysOf(grouped)).toEqual(['l/a', 'l/c', 'l/é & <x>', 'l/😀']);
  expect(grouped.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['l/b/', 'l/d/']);
  const seen: unknown[] = [];
  let token: string | undefined;
  do {
    const page = await list({ Delimiter: '/', MaxKeys: 1, ContinuationToken: token });
    expect(page.KeyCount).toBe(1);
    seen.push(page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
    token = page.NextContinuationToken;
  } while (token);
  expect(seen).toEqual(['l/a', 'l/b/', 'l/c', 'l/d/', 'l/é & <x>', 'l/😀']);
  const first = await foo.send(new ListObjectsCommand({ Bucket, Prefix: 'l/', Delimiter: '/', MaxKeys: 2 }));
  expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'l/b/' });
  const rest = await foo.send(
    new ListObjectsCommand({ Bucket, Prefix: 'l/', Delimiter: '/', Marker: 'l/b/' }),
  );
  expect(keysOf(rest)).toEqual(['l/c', 'l/é & <x>', 'l/😀']);
});

test('refuses another account everything, and does not list its buckets', async () => {
  await put('secret', 'of foo');
  const denied = named('AccessDenied');
  await expect(bar.send(new GetObjectCommand({ Bucket, Key: 'secret' }))).rejects.toThrow(denied);
  await expect(bar.send(new ListObjectsV2Command({ Bucket }))).rejects.toThrow(denied);
  await expect(bar.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'y' }))).rejects.toThrow(denied);
  await expect(bar.send(new DeleteObjectCommand({ Bucket, Key: 'secret' }))).rejects.toThrow(denied);
  await expect(bar.send(new GetBucketLocationCommand({ Bucket }))).rejects.toThrow(denied);
  await expect(bar.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
  const stolen = { Bucket: 'annex-bar-333333333333', Key: 'x', CopySource: `${Bucket}/secret` };
  await expect(bar.send(new CopyObjectCommand(stolen))).rejects.toThrow(denied);
  const into = { Bucket, Key: 'x', CopySource: 'annex-bar-333333333333/none' };
  await expect(bar.send(new CopyObjectCommand(into))).rejects.toThrow(denied);
  await expect(bar.send(new CreateBucketCommand({ Bucket }))).rejects.toThrow(named('BucketAlreadyExists'));
  const { Errors } = await bar.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'secret' }] } }),
  );
  expect(Errors?.[0]?.Code).toBe('AccessDenied');
  expect((await bar.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([
    'annex-bar-333333333333',
  ]);
  await expect(s3Client(aws, aws.portal).send(new ListObjectsV2Command({ Bucket }))).rejects.toThrow(denied);
  expect(await text('secret')).toBe('of foo');
});

test('makes and removes buckets of its own account', async () => {
  const own = { Bucket: 'annex-foo-scratch' };
  await foo.send(new CreateBucketCommand(own));
  await foo.send(new CreateBucketCommand(own));
  await foo.send(new HeadBucketCommand(own));
  await foo.send(new PutObjectCommand({ ...own, Key: 'k', Body: 'v' }));
  await expect(foo.send(new DeleteBucketCommand(own))).rejects.toThrow(named('BucketNotEmpty'));
  await foo.send(new DeleteObjectCommand({ ...own, Key: 'k' }));
  await foo.send(new DeleteBucketCommand(own));
  await expect(foo.send(new ListObjectsV2Command(own))).rejects.toThrow(named('NoSuchBucket'));
  await expect(foo.send(new CreateBucketCommand({ Bucket: 'No_Good' }))).rejects.toThrow();
  const { ServerSideEncryptionConfiguration: sse } = await foo.send(
    new GetBucketEncryptionCommand({ Bucket }),
  );
  expect(sse?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe('aws:kms');
  expect((await foo.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
  await expect(foo.send(new GetBucketAclCommand({ Bucket }))).rejects.toThrow(named('NotImplemented'));
});

test('has everything after a restart, and no file that nothing names', async () => {
  await aws.restart();
  foo = s3Client(aws, keys);
  expect(await text('secret')).toBe('of foo');
  const { Contents } = await foo.send(new ListObjectsV2Command({ Bucket }));
  const data = join(aws.dir, 'aws', 's3', 'data');
  const files = (await Promise.all((await readdir(data)).map((shelf) => readdir(join(data, shelf))))).flat();
  expect(files).toHaveLength(Contents?.length ?? -1);
});
