import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { awsNames } from '../aws-names';
import { CannotStart } from '../cannot-start';
import { freePort } from '../free-port';
import { startAws } from './server';
import { dynamoClient, s3Client, startTestAws, tenantKeys } from './testing/test-aws';

let root: string;
let whole: string;
let dir: string;
let bucket: string;
const errors: string[] = [];

/** A folder of stopped stand-ins that keep two objects and an item. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'annex-damage-'));
  const aws = await startTestAws();
  whole = aws.dir;
  bucket = await aws.vend('foo', '222222222222');
  const s3 = s3Client(aws, await tenantKeys(aws, 'foo', '222222222222'));
  for (const Key of ['models/a', 'models/b'])
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
  const item = { pk: { S: 'TENANT#foo' }, sk: { S: 'x' } };
  await dynamoClient(aws, await tenantKeys(aws, 'foo')).send(
    new PutItemCommand({ TableName: awsNames.workbenchTable, Item: item }),
  );
  await aws.stop({ keepState: true });
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await rm(whole, { recursive: true, force: true });
});
beforeEach(async () => {
  errors.length = 0;
  dir = await mkdtemp(join(root, 'try-'));
  await cp(whole, dir, { recursive: true });
});

const path = (...names: string[]) => join(dir, 'aws', ...names);
const lost = (...names: string[]) => rm(path(...names), { recursive: true });
const like = async (folder: string, pattern: RegExp) =>
  (await readdir(path(folder))).filter((name) => pattern.test(name));

async function start() {
  const log = { info: () => {}, warn: () => {}, error: (_: object, text: string) => void errors.push(text) };
  const cognito = { port: await freePort(), portals: [] };
  return startAws({ dir, port: await freePort(), stepMs: 5, log, cognito });
}

describe('stand-ins whose state is damaged', () => {
  it.each<readonly [string, () => Promise<unknown>, RegExp]>([
    [
      'the state is lost',
      () => lost('state'),
      /aws\/state is damaged: its files are missing\. It holds the accounts, users/,
    ],
    [
      'CURRENT of the state is lost',
      () => lost('state', 'CURRENT'),
      /aws\/state is damaged: the file CURRENT is missing/,
    ],
    [
      'the manifest of the state is garbage',
      async () => writeFile(path('state', (await like('state', /^MANIFEST/))[0] ?? ''), 'garbage'),
      /aws\/state is damaged: Corruption/,
    ],
    [
      'the tables are lost',
      () => lost('dynamodb'),
      /aws\/dynamodb is damaged: its files are missing\. It holds the DynamoDB tables/,
    ],
    [
      'CURRENT of the tables is empty',
      () => writeFile(path('dynamodb', 'CURRENT'), ''),
      /aws\/dynamodb is damaged: Corruption: CURRENT/,
    ],
    [
      'the objects are lost',
      () => lost('s3'),
      /aws\/s3 is damaged: the files of all objects are missing\. It holds what is stored in S3/,
    ],
    [
      'the portal’s key is empty',
      () => writeFile(path('portal-credentials.json'), ''),
      /portal-credentials\.json is empty\. It holds the portal’s AWS key/,
    ],
    [
      'the pool’s keys are cut',
      () => writeFile(join(dir, 'cognito-secrets.json'), '{"clientSecret":"'),
      /cognito-secrets\.json is damaged: it is not complete JSON/,
    ],
  ])('do not start when %s, say why, and change nothing', async (_, damage, sentence) => {
    await damage();
    const before = (await readdir(dir, { recursive: true })).filter((name) =>
      /s3|credentials|CURRENT/.test(name),
    );
    const failed = await start().then(
      () => null,
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(CannotStart);
    expect(failed).toHaveProperty('message', expect.stringMatching(sentence));
    expect(
      (await readdir(dir, { recursive: true })).filter((name) => /s3|credentials|CURRENT/.test(name)),
    ).toEqual(before);
  });

  it('start without one of several objects, and name it', async () => {
    const files = (await readdir(path('s3', 'data'), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    const [one] = files;
    await rm(join(one?.parentPath ?? '', one?.name ?? ''));
    const running = await start();
    try {
      expect(errors).toEqual([
        expect.stringMatching(
          /s3 lacks the files of 1 of 2 objects: [^ ]+\/models\/[ab]\. Reading them fails/,
        ),
      ]);
    } finally {
      await running.stop();
    }
  });

  it('start with a new key when the old one was deleted, as the sentence advises', async () => {
    await lost('portal-credentials.json');
    await (await start()).stop();
    const running = await start();
    await running.stop();
    expect(errors).toEqual([]);
  });
});
