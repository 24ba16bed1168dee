import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client as MinioClient } from 'minio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsNames } from '@/local/aws-names';
import {
  installed,
  type Keys,
  runTool,
  startTestAws,
  type TestAws,
  tenantKeys,
  toolEnvironment,
} from '../testing/test-aws';

// Clients of S3 that nobody here wrote, with what people do with a bucket.
let aws: TestAws;
let foo: Keys;
let bucket: string;

beforeAll(async () => {
  aws = await startTestAws();
  bucket = await aws.vend('foo', '222222222222');
  foo = await tenantKeys(aws, 'foo', '222222222222');
});
afterAll(() => aws?.stop());

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
async function file(name: string, bytes: number) {
  const path = join(aws.dir, name);
  const data = randomBytes(bytes);
  await writeFile(path, data);
  return { path, data };
}

const rclones = installed(['/usr/bin/rclone', 'rclone'], ['version']);
test.skipIf(rclones.length > 0)('skipped: rclone is not installed', (context) => context.skip());

describe.each(rclones.slice(0, 1))('rclone $version', ({ file: program }) => {
  const rclone = (...args: string[]) =>
    runTool(program, ['--retries', '1', '--low-level-retries', '1', ...args], {
      ...toolEnvironment(aws, foo),
      RCLONE_CONFIG: '/dev/null',
      RCLONE_CONFIG_S3_TYPE: 's3',
      RCLONE_CONFIG_S3_PROVIDER: 'Other',
      RCLONE_CONFIG_S3_ENV_AUTH: 'true',
      RCLONE_CONFIG_S3_REGION: awsNames.region,
      RCLONE_CONFIG_S3_ENDPOINT: aws.origin,
    });
  const remote = (path: string) => `s3:${bucket}/${path}`;

  test('copies small and large files both ways, checks, lists, moves and purges', async () => {
    const small = await file('it’s & <small>.txt', 17);
    const large = await file('large.bin', 13 * 1024 * 1024);
    const inParts = ['--s3-upload-cutoff', '5M', '--s3-chunk-size', '5M'];
    await rclone('copyto', small.path, remote('rclone/it\'s & <small> "1".txt'));
    await rclone('copyto', ...inParts, large.path, remote('rclone/large.bin'));
    const listed = JSON.parse(await rclone('lsjson', '-R', remote('rclone')));
    expect(listed.map(({ Path, Size }: { Path: string; Size: number }) => [Path, Size])).toEqual([
      ['it\'s & <small> "1".txt', 17],
      ['large.bin', 13 * 1024 * 1024],
    ]);
    const back = join(aws.dir, 'back.bin');
    await rclone('copyto', remote('rclone/large.bin'), back);
    expect(sha(await readFile(back))).toBe(sha(large.data));
    await rclone('moveto', remote('rclone/large.bin'), remote('rclone/moved.bin'));
    expect(await rclone('lsf', remote('rclone'))).not.toContain('large.bin');
    await rclone('purge', remote('rclone'));
    expect(await rclone('lsf', '-R', `s3:${bucket}`)).not.toContain('moved.bin');
  });
});

const s3cmds = installed(['/usr/bin/s3cmd', 's3cmd'], ['--version']);
test.skipIf(s3cmds.length > 0)('skipped: s3cmd is not installed', (context) => context.skip());

describe.each(s3cmds.slice(0, 1))('s3cmd $version', ({ file: program }) => {
  const s3cmd = (...args: string[]) => {
    const { host } = new URL(aws.origin);
    const settings = [
      '--config=/dev/null',
      `--access_key=${foo.accessKeyId}`,
      `--secret_key=${foo.secretAccessKey}`,
      `--access_token=${foo.sessionToken}`,
      `--host=${host}`,
      `--host-bucket=${host}`,
      '--no-ssl',
      `--region=${awsNames.region}`,
    ];
    return runTool(program, [...settings, ...args], toolEnvironment(aws, foo));
  };
  const at = (path: string) => `s3://${bucket}/${path}`;

  test('puts in parts, gets, tells about, copies and deletes many', async () => {
    const large = await file('s3cmd.bin', 12 * 1024 * 1024);
    await s3cmd('put', '--multipart-chunk-size-mb=5', large.path, at('s3cmd/large.bin'));
    const back = join(aws.dir, 's3cmd-back.bin');
    await s3cmd('get', '--force', at('s3cmd/large.bin'), back);
    expect(sha(await readFile(back))).toBe(sha(large.data));
    expect(await s3cmd('info', at('s3cmd/large.bin'))).toContain(String(12 * 1024 * 1024));
    expect(await s3cmd('info', `s3://${bucket}`)).toContain(bucket);
    await s3cmd('cp', at('s3cmd/large.bin'), at("s3cmd/it's.bin"));
    expect(await s3cmd('ls', at('s3cmd/'))).toContain("it's.bin");
    await s3cmd('del', '--recursive', '--force', at('s3cmd/'));
    expect(await s3cmd('ls', '--recursive', `s3://${bucket}`)).not.toContain('s3cmd/');
  });
});

describe('minio', () => {
  test('puts, tags, lists and removes objects', async () => {
    const minio = minioClient();
    await minio.putObject(bucket, "minio/it's & <b>.txt", Buffer.from('hello'), 5, {
      'X-Amz-Meta-Who': 'ada',
    });
    await minio.putObject(bucket, 'minio/large.bin', randomBytes(70 * 1024 * 1024));
    expect((await minio.statObject(bucket, 'minio/large.bin')).size).toBe(70 * 1024 * 1024);
    expect((await minio.statObject(bucket, "minio/it's & <b>.txt")).metaData).toMatchObject({ who: 'ada' });
    await minio.setObjectTagging(bucket, 'minio/large.bin', { kind: 'model', 'a b': 'c+d' });
    const tags = (await minio.getObjectTagging(bucket, 'minio/large.bin')).flat();
    expect(tags).toEqual([
      { Key: 'kind', Value: 'model' },
      { Key: 'a b', Value: 'c+d' },
    ]);
    await minio.removeObjectTagging(bucket, 'minio/large.bin', { versionId: 'null' });
    expect((await minio.getObjectTagging(bucket, 'minio/large.bin')).flat()).toEqual([]);
    const names: unknown[] = [];
    for await (const { name } of minio.listObjectsV2(bucket, 'minio/', true)) names.push(name);
    expect(names).toEqual(["minio/it's & <b>.txt", 'minio/large.bin']);
    await minio.removeObjects(bucket, names.map(String));
    expect(await aws.standIn.services.s3.objects(bucket, 10)).toEqual([]);
  });

  test('learns what is not set', async () => {
    const minio = minioClient();
    expect(await minio.bucketExists(bucket)).toBe(true);
    await expect(minio.getBucketPolicy(bucket)).rejects.toMatchObject({ code: 'NoSuchBucketPolicy' });
    await expect(minio.getBucketTagging(bucket)).rejects.toMatchObject({ code: 'NoSuchTagSet' });
    await expect(minio.getBucketLifecycle(bucket)).rejects.toMatchObject({
      code: 'NoSuchLifecycleConfiguration',
    });
    expect(await minio.getBucketVersioning(bucket)).toBeFalsy();
  });

  test('lets a browser post a file under a signed policy, and nothing else', async () => {
    const minio = minioClient();
    const policy = minio.newPostPolicy();
    policy.setBucket(bucket);
    policy.setKeyStartsWith('inbox/');
    policy.setContentType('text/plain');
    policy.setContentLengthRange(1, 20);
    policy.setExpires(new Date(Date.now() + 60_000));
    const { postURL, formData } = await minio.presignedPostPolicy(policy);
    const post = (key: string, text: string, more: Record<string, string> = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...formData, key, ...more }))
        form.set(name, String(value));
      form.set('file', new Blob([text]), 'note.txt');
      return fetch(postURL, { method: 'POST', body: form });
    };
    expect((await post(`inbox/$\{filename}`, 'hello')).status).toBe(204);
    const stored = await minio.getObject(bucket, 'inbox/note.txt');
    expect((await stored.toArray()).join('')).toBe('hello');
    for (const [refused, code] of [
      [await post('elsewhere/x', 'hello'), 'AccessDenied'],
      [await post('inbox/x', 'x'.repeat(21)), 'EntityTooLarge'],
      [await post('inbox/x', 'hello', { 'x-amz-meta-more': 'x' }), 'AccessDenied'],
      [await post('inbox/x', 'hello', { 'x-amz-signature': '0'.repeat(64) }), 'SignatureDoesNotMatch'],
      [await post(`inbox/${'x'.repeat(1019)}`, 'hello'), 'KeyTooLongError'],
    ] as const) {
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(await refused.text()).toContain(`<Code>${code}</Code>`);
    }
    expect((await aws.standIn.services.s3.objects(bucket, 10)).map(({ key }) => key)).toEqual([
      'inbox/note.txt',
    ]);
    await minio.removeObject(bucket, 'inbox/note.txt');
  });

  test('takes no form whose policy names no bucket', async () => {
    const minio = minioClient();
    const policy = minio.newPostPolicy();
    policy.setKeyStartsWith('inbox/');
    policy.setExpires(new Date(Date.now() + 60_000));
    policy.formData.bucket = bucket;
    const { postURL, formData } = await minio.presignedPostPolicy(policy);
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...formData, key: 'inbox/x' }))
      form.set(name, String(value));
    form.set('file', new Blob(['hello']), 'note.txt');
    const refused = await fetch(postURL, { method: 'POST', body: form });
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('Invalid according to Policy: Extra input fields: bucket'),
    ]);
  });
});

test('an unsigned x-amz header is refused beside a presigned URL', async () => {
  const minio = minioClient();
  await minio.putObject(bucket, 'secret.txt', Buffer.from('secret'));
  const url = await minio.presignedPutObject(bucket, 'copy.txt', 60);
  const refused = await fetch(url, {
    method: 'PUT',
    headers: { 'x-amz-copy-source': `/${bucket}/secret.txt` },
  });
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.stringContaining('headers present in the request which were not signed: x-amz-copy-source'),
  ]);
  expect((await aws.standIn.services.s3.objects(bucket, 10)).map(({ key }) => key)).toEqual(['secret.txt']);
});

function minioClient(): MinioClient {
  const { hostname, port } = new URL(aws.origin);
  return new MinioClient({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: foo.accessKeyId,
    secretKey: foo.secretAccessKey,
    sessionToken: foo.sessionToken ?? '',
    region: awsNames.region,
  });
}
