import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { world } from '../world';
import { type Keys, runTool, startTestAws, type TestAws, tenantKeys, toolEnvironment } from './testing';

// Clients that nobody here wrote. Where they are not installed, the tests say so and are skipped.
const hasCli = spawnSync('aws', ['--version']).status === 0;
const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0;
const Bucket = 'annex-foo-222222222222';

let aws: TestAws;
let foo: Keys;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', '222222222222', Bucket);
  await aws.vend('bar', '333333333333', 'annex-bar-333333333333');
  foo = await tenantKeys(aws, 'foo', '222222222222');
});
afterAll(() => aws.stop());

const cli = async (keys: Keys, ...args: string[]) => runTool('aws', args, toolEnvironment(aws, keys));
const json = async (keys: Keys, ...args: string[]) => JSON.parse(await cli(keys, ...args, '--output', 'json'));

describe.skipIf(!hasCli)(hasCli ? 'AWS CLI' : 'AWS CLI (skipped: `aws` is not installed)', () => {
  test('knows who it is', async () => {
    expect(await json(aws.portal, 'sts', 'get-caller-identity')).toMatchObject({ Account: world.portalAccountId });
    expect(await json(foo, 'sts', 'get-caller-identity')).toMatchObject({ Account: '222222222222' });
  });

  test('copies a small and a large file to S3 and back, lists, and presigns', async () => {
    const large = join(aws.dir, 'large.bin');
    const back = join(aws.dir, 'back.bin');
    const data = randomBytes(20 * 1024 * 1024 + 17);
    await writeFile(large, data);
    await writeFile(join(aws.dir, 'small.txt'), 'small');
    await cli(foo, 's3', 'cp', join(aws.dir, 'small.txt'), `s3://${Bucket}/in/small file.txt`, '--sse', 'aws:kms');
    await cli(foo, 's3', 'cp', large, `s3://${Bucket}/in/large.bin`, '--only-show-errors');
    await cli(foo, 's3', 'cp', `s3://${Bucket}/in/large.bin`, back, '--only-show-errors');
    expect((await readFile(back)).equals(data)).toBe(true);
    await cli(foo, 's3', 'mv', `s3://${Bucket}/in/large.bin`, `s3://${Bucket}/moved.bin`, '--only-show-errors');
    const listing = await cli(foo, 's3', 'ls', `s3://${Bucket}`, '--recursive');
    expect(listing).toMatch(/5 in\/small file\.txt\n.* 20971537 moved\.bin/);
    const url = (await cli(foo, 's3', 'presign', `s3://${Bucket}/in/small file.txt`)).trim();
    expect(await (await fetch(url)).text()).toBe('small');
    await cli(foo, 's3', 'rm', `s3://${Bucket}`, '--recursive', '--only-show-errors');
    expect(await cli(foo, 's3', 'ls', `s3://${Bucket}`)).toBe('');
  });

  test('is refused another account', async () => {
    await expect(cli(foo, 's3', 'ls', 's3://annex-bar-333333333333')).rejects.toThrow(/AccessDenied/);
    await expect(cli(aws.portal, 's3', 'ls', `s3://${Bucket}`)).rejects.toThrow(/AccessDenied/);
  });

  test('uses queues and tables', async () => {
    const { QueueUrl } = await json(aws.portal, 'sqs', 'create-queue', '--queue-name', 'annex-cli');
    await cli(aws.portal, 'sqs', 'send-message', '--queue-url', QueueUrl, '--message-body', 'hi');
    const { Messages } = await json(aws.portal, 'sqs', 'receive-message', '--queue-url', QueueUrl);
    expect(Messages[0].Body).toBe('hi');
    const missing = cli(aws.portal, 'sqs', 'get-queue-url', '--queue-name', 'annex-none');
    await expect(missing).rejects.toThrow(/AWS\.SimpleQueueService\.NonExistentQueue/);
    const item = JSON.stringify({ pk: { S: 'TENANT#foo' }, sk: { S: 'CLI' } });
    await cli(foo, 'dynamodb', 'put-item', '--table-name', world.workbenchTable, '--item', item);
    const got = await json(foo, 'dynamodb', 'get-item', '--table-name', world.workbenchTable, '--key', item);
    expect(got.Item.sk.S).toBe('CLI');
    await expect(cli(foo, 'dynamodb', 'scan', '--table-name', world.workbenchTable)).rejects.toThrow(/AccessDeniedException/);
  });

  test('reads SageMaker, Service Catalog and stack sets', async () => {
    expect(await json(foo, 'sagemaker', 'list-domains')).toEqual({ Domains: [] });
    await expect(cli(aws.portal, 'sagemaker', 'list-domains')).rejects.toThrow(/AccessDenied/);
    const { ProductViewSummaries } = await json(aws.portal, 'servicecatalog', 'search-products');
    expect(ProductViewSummaries.length).toBeGreaterThan(1);
    const instances = await json(aws.portal, 'cloudformation', 'list-stack-instances', '--stack-set-name', world.stackSet);
    expect(instances).toEqual({ Summaries: [] });
  });
});

describe.skipIf(!hasBoto3)(hasBoto3 ? 'boto3' : 'boto3 (skipped: python3 has no boto3)', () => {
  const python = (keys: Keys, script: string) => runTool('python3', ['-c', script], toolEnvironment(aws, keys));

  test('stores and reads objects, also as parts, and pages through them', async () => {
    const out = await python(
      foo,
      `
import boto3, io, os
from boto3.s3.transfer import TransferConfig
s3 = boto3.client('s3')
data = os.urandom(12 * 1024 * 1024)
s3.upload_fileobj(io.BytesIO(data), '${Bucket}', 'boto/big', Config=TransferConfig(multipart_threshold=5*1024*1024, multipart_chunksize=5*1024*1024))
back = io.BytesIO()
s3.download_fileobj('${Bucket}', 'boto/big', back)
assert back.getvalue() == data
for n in range(25): s3.put_object(Bucket='${Bucket}', Key=f'boto/n/{n:02} é', Body=b'x', ChecksumAlgorithm='SHA256')
pages = s3.get_paginator('list_objects_v2').paginate(Bucket='${Bucket}', Prefix='boto/n/', PaginationConfig={'PageSize': 10})
print(len([o['Key'] for p in pages for o in p['Contents']]), s3.get_object(Bucket='${Bucket}', Key='boto/big', Range='bytes=0-9')['ContentRange'])
url = s3.generate_presigned_url('put_object', Params={'Bucket': '${Bucket}', 'Key': 'boto/url'}, ExpiresIn=60)
import urllib.request
urllib.request.urlopen(urllib.request.Request(url, data=b'via url', method='PUT'))
print(s3.get_object(Bucket='${Bucket}', Key='boto/url')['Body'].read().decode())
`,
    );
    expect(out).toBe('25 bytes 0-9/12582912\nvia url\n');
  });

  test('assumes a role, and uses the table as far as its tag goes', async () => {
    const out = await python(
      aws.portal,
      `
import boto3
from boto3.dynamodb.conditions import Key
given = boto3.client('sts').assume_role(RoleArn='arn:aws:iam::${world.portalAccountId}:role/${world.tenantRole}', RoleSessionName='boto', ExternalId='annex-foo', Tags=[{'Key': 'TenantId', 'Value': 'foo'}])['Credentials']
session = boto3.Session(given['AccessKeyId'], given['SecretAccessKey'], given['SessionToken'])
table = session.resource('dynamodb').Table('${world.workbenchTable}')
table.put_item(Item={'pk': 'TENANT#foo', 'sk': 'BOTO', 'n': 3})
print(table.query(KeyConditionExpression=Key('pk').eq('TENANT#foo') & Key('sk').begins_with('BO'))['Items'][0]['n'])
for refused in (lambda: table.query(KeyConditionExpression=Key('pk').eq('TENANT#bar')), lambda: table.scan(), lambda: session.client('sqs').list_queues()):
  try: refused(); print('answered')
  except Exception as e: print(e.response['Error']['Code'])
`,
    );
    expect(out).toBe('3\nAccessDeniedException\nAccessDeniedException\nAccessDeniedException\n');
  });
});
