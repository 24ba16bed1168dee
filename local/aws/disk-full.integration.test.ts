import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { awsNames } from '../aws-names';
import {
  dynamoClient,
  s3Client,
  sqsClient,
  startTestAws,
  type TestAws,
  tenantKeys,
} from './testing/test-aws';

/** Whether the file system says that nothing is left: in general, or while an object is being written. */
const disk = vi.hoisted(() => ({ full: false, fullForDrafts: false }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const statfs = async (path: string) => {
    const found = await real.statfs(path);
    return disk.full || (disk.fullForDrafts && path.endsWith('drafts')) ? { ...found, bavail: 0 } : found;
  };
  return { ...real, statfs };
});

let aws: TestAws;
let bucket: string;
let s3: ReturnType<typeof s3Client>;
let tables: ReturnType<typeof dynamoClient>;
beforeAll(async () => {
  aws = await startTestAws();
  bucket = await aws.vend('foo', '222222222222');
  s3 = s3Client(aws, await tenantKeys(aws, 'foo', '222222222222'));
  tables = dynamoClient(aws, await tenantKeys(aws, 'foo'));
});
afterEach(() => {
  disk.full = false;
  disk.fullForDrafts = false;
});
afterAll(() => aws.stop());

const message = 'The disk of the AWS stand-ins is full. Nothing was stored. Free some space, then try again.';
const full = (name: string, status: number) =>
  expect.objectContaining({ name, message, $metadata: expect.objectContaining({ httpStatusCode: status }) });
const object = (name: string) => ({ Bucket: bucket, Key: `models/${name}` });
/** All files that S3 keeps. */
async function files(): Promise<readonly string[]> {
  const found = await readdir(join(aws.dir, 'aws', 's3'), { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
}

it('an object is not stored, what it was to replace stays, and nothing of it is left', async () => {
  await s3.send(new PutObjectCommand({ ...object('kept'), Body: 'old' }));
  const before = await files();
  disk.full = true;
  const put = (name: string) => s3.send(new PutObjectCommand({ ...object(name), Body: 'new' }));
  await expect(put('kept')).rejects.toEqual(full('InsufficientStorage', 507));
  await expect(put('new')).rejects.toEqual(full('InsufficientStorage', 507));
  expect(await files()).toEqual(before);
  disk.full = false;
  const { Body } = await s3.send(new GetObjectCommand(object('kept')));
  expect(await Body?.transformToString()).toBe('old');
  await expect(s3.send(new HeadObjectCommand(object('new')))).rejects.toMatchObject({ name: 'NotFound' });
  await put('new');
});

it('a large object ends when the disk fills up meanwhile', async () => {
  const before = await files();
  disk.fullForDrafts = true;
  const Body = Buffer.alloc(12 * 1024 * 1024);
  await expect(s3.send(new PutObjectCommand({ ...object('large'), Body }))).rejects.toEqual(
    full('InsufficientStorage', 507),
  );
  expect(await files()).toEqual(before);
});

it('an upload is not joined, and can be completed later', async () => {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object('joined')));
  const part = { ...object('joined'), UploadId, PartNumber: 1 };
  const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: 'part' }));
  const before = await files();
  const complete = () =>
    s3.send(
      new CompleteMultipartUploadCommand({
        ...object('joined'),
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
  disk.full = true;
  await expect(complete()).rejects.toEqual(full('InsufficientStorage', 507));
  expect(await files()).toEqual(before);
  disk.full = false;
  await complete();
});

it('an object can be deleted, which makes room', async () => {
  await s3.send(new PutObjectCommand({ ...object('gone'), Body: 'x' }));
  disk.full = true;
  await s3.send(new DeleteObjectCommand(object('gone')));
  await expect(s3.send(new HeadObjectCommand(object('gone')))).rejects.toMatchObject({ name: 'NotFound' });
});

it('an item stays as it is, and can be read and deleted', async () => {
  const TableName = awsNames.workbenchTable;
  const Key = { pk: { S: 'TENANT#foo' }, sk: { S: 'item' } };
  const read = async () =>
    (await tables.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
  await tables.send(new PutItemCommand({ TableName, Item: { ...Key, n: { N: '1' } } }));
  disk.full = true;
  await expect(
    tables.send(new PutItemCommand({ TableName, Item: { ...Key, n: { N: '2' } } })),
  ).rejects.toEqual(full('InternalServerError', 500));
  await expect(
    tables.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET n = :n',
        ExpressionAttributeValues: { ':n': { N: '3' } },
      }),
    ),
  ).rejects.toEqual(full('InternalServerError', 500));
  expect(await read()).toEqual({ ...Key, n: { N: '1' } });
  await tables.send(new DeleteItemCommand({ TableName, Key }));
  expect(await read()).toBeUndefined();
});

it('a message is not taken', async () => {
  const QueueUrl = `${aws.origin}/${awsNames.portalAccountId}/${awsNames.jobsQueue}`;
  disk.full = true;
  await expect(
    sqsClient(aws, aws.portal).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
  ).rejects.toEqual(full('InternalFailure', 500));
});
