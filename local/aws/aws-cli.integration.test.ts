import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsNames } from '../aws-names';
import {
  installed,
  type Keys,
  runTool,
  startTestAws,
  type TestAws,
  tenantKeys,
  toolEnvironment,
} from './testing/test-aws';

// A client that nobody here wrote. Debian's is older than what pip gives: its SQS speaks Query.
const clis = installed(['/usr/bin/aws', 'aws'], ['--version']);
const Bucket = 'annex-foo-222222222222';

let aws: TestAws;
let foo: Keys;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', '222222222222');
  await aws.vend('bar', '333333333333');
  foo = await tenantKeys(aws, 'foo', '222222222222');
});
afterAll(() => aws.stop());

test.skipIf(clis.length > 0)('skipped: the AWS CLI is not installed', (context) => context.skip());

describe.each(clis)('$version', ({ file }) => {
  const cli = (keys: Keys, ...args: string[]) =>
    runTool(file, ['--endpoint-url', aws.origin, ...args], toolEnvironment(aws, keys));
  const json = async (keys: Keys, ...args: string[]) =>
    JSON.parse(await cli(keys, ...args, '--output', 'json'));

  test('knows who it is', async () => {
    const portal = await json(aws.portal, 'sts', 'get-caller-identity');
    expect(portal).toMatchObject({ Account: awsNames.portalAccountId });
    expect(await json(foo, 'sts', 'get-caller-identity')).toMatchObject({ Account: '222222222222' });
  });

  test('sends mail', async () => {
    const content = { Simple: { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Text' } } } };
    const to = `${randomBytes(4).toString('hex')}@foo.example`;
    const line = [
      'sesv2',
      'send-email',
      '--destination',
      `ToAddresses=${to}`,
      '--content',
      JSON.stringify(content),
    ];
    const { MessageId } = await json(aws.portal, ...line, '--from-email-address', awsNames.mailFrom);
    expect(MessageId).toMatch(/./);
    expect(await aws.standIn.services.outbox.list({ to })).toMatchObject([
      { subject: 'Hello', text: 'Text' },
    ]);
    const other = cli(aws.portal, ...line, '--from-email-address', 'other@xyz.example');
    await expect(other).rejects.toThrow(/MessageRejected.*Email address is not verified/);
  });

  test('copies a small and a large file to S3 and back, moves, lists, and presigns', async () => {
    const large = join(aws.dir, 'large.bin');
    const back = join(aws.dir, 'back.bin');
    const data = randomBytes(20 * 1024 * 1024 + 17);
    await writeFile(large, data);
    await writeFile(join(aws.dir, 'small.txt'), 'small');
    const quiet = '--only-show-errors';
    await cli(
      foo,
      's3',
      'cp',
      join(aws.dir, 'small.txt'),
      `s3://${Bucket}/in/small file.txt`,
      '--sse',
      'aws:kms',
    );
    await cli(foo, 's3', 'cp', large, `s3://${Bucket}/in/large.bin`, quiet);
    await cli(foo, 's3', 'mv', `s3://${Bucket}/in/large.bin`, `s3://${Bucket}/moved.bin`, quiet);
    await cli(foo, 's3', 'cp', `s3://${Bucket}/moved.bin`, back, quiet);
    expect((await readFile(back)).equals(data)).toBe(true);
    const listing = await cli(foo, 's3', 'ls', `s3://${Bucket}`, '--recursive');
    expect(listing).toMatch(/5 in\/small file\.txt\n.* 20971537 moved\.bin/);
    const url = (await cli(foo, 's3', 'presign', `s3://${Bucket}/in/small file.txt`)).trim();
    expect(await (await fetch(url)).text()).toBe('small');
    await cli(foo, 's3', 'rm', `s3://${Bucket}`, '--recursive', quiet);
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
    await cli(aws.portal, 'sqs', 'delete-queue', '--queue-url', QueueUrl);
    const missing = cli(aws.portal, 'sqs', 'get-queue-url', '--queue-name', 'annex-none');
    await expect(missing).rejects.toThrow(/AWS\.SimpleQueueService\.NonExistentQueue/);
    const table = ['--table-name', awsNames.workbenchTable];
    const item = JSON.stringify({ pk: { S: 'TENANT#foo' }, sk: { S: 'CLI' } });
    await cli(await tenantKeys(aws, 'foo'), 'dynamodb', 'put-item', ...table, '--item', item);
    expect((await json(foo, 'dynamodb', 'get-item', ...table, '--key', item)).Item.sk.S).toBe('CLI');
    await expect(cli(foo, 'dynamodb', 'scan', ...table)).rejects.toThrow(/AccessDeniedException/);
  });

  test('reads SageMaker, Service Catalog and stack sets', async () => {
    expect(await json(foo, 'sagemaker', 'list-domains')).toEqual({ Domains: [] });
    await expect(cli(aws.portal, 'sagemaker', 'list-domains')).rejects.toThrow(/AccessDenied/);
    const { ProductViewSummaries } = await json(aws.portal, 'servicecatalog', 'search-products');
    expect(ProductViewSummaries.length).toBeGreaterThan(1);
    const named = ['--stack-set-name', awsNames.stackSet];
    const instances = await json(aws.portal, 'cloudformation', 'list-stack-instances', ...named);
    expect(instances).toEqual({ Summaries: [] });
  });

  test('reads runs of the extract job', async () => {
    const { JobNames } = await json(aws.portal, 'glue', 'list-jobs');
    expect(JobNames).toEqual([awsNames.extractJob]);
    const pooled = await tenantKeys(aws, 'foo');
    const named = ['--job-name', awsNames.extractJob];
    const asked = ['--arguments', JSON.stringify({ '--tenant_id': 'foo' })];
    const started = await json(pooled, 'glue', 'start-job-run', ...named, ...asked);
    const { JobRuns } = await json(pooled, 'glue', 'get-job-runs', ...named);
    expect(JobRuns[0]).toMatchObject({ Id: started.JobRunId, Arguments: { '--tenant_id': 'foo' } });
    await expect(cli(foo, 'glue', 'get-job-runs', ...named)).rejects.toThrow(/AccessDenied/);
  });
});
