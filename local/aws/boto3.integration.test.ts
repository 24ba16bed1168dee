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
const pythons = installed(['/usr/bin/python3', 'python3'], ['-c', 'import boto3; print(boto3.__version__)']);
const Bucket = 'annex-foo-222222222222';
const role = `arn:aws:iam::${awsNames.portalAccountId}:role/${awsNames.tenantRole}`;

let aws: TestAws;
let foo: Keys;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', '222222222222');
  await aws.vend('bar', '333333333333');
  foo = await tenantKeys(aws, 'foo', '222222222222');
});
afterAll(() => aws.stop());

test.skipIf(pythons.length > 0)('skipped: boto3 is not installed', (context) => context.skip());

const prelude = `
import boto3, functools, io, json, os, urllib.request
from boto3.dynamodb.conditions import Key
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
endpoint = os.environ['AWS_ENDPOINT_URL']
client = functools.partial(boto3.client, endpoint_url=endpoint)
bucket = '${Bucket}'
def code(call):
  try: call(); return 'answered'
  except urllib.error.HTTPError as e: return e.code
  except Exception as e: return e.response['Error']['Code']
`;

describe.each(pythons)('boto3 $version', ({ file }) => {
  const python = async (keys: Keys, script: string) =>
    (await runTool(file, ['-c', prelude + script], toolEnvironment(aws, keys))).trim().split('\n');

  test('stores and reads objects, also as parts, and pages through them', async () => {
    const out = await python(
      foo,
      `
s3 = client('s3')
data = os.urandom(12 * 1024 * 1024)
parts = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
s3.upload_fileobj(io.BytesIO(data), bucket, 'big', Config=parts)
back = io.BytesIO()
s3.download_fileobj(bucket, 'big', back)
print(back.getvalue() == data, s3.get_object(Bucket=bucket, Key='big', Range='bytes=0-9')['ContentRange'])
for n in range(25): s3.put_object(Bucket=bucket, Key=f'n/{n:02} é', Body=b'x', Metadata={'n': str(n)})
pages = s3.get_paginator('list_objects_v2').paginate(Bucket=bucket, Prefix='n/', PaginationConfig={'PageSize': 10})
print([o['Key'] for p in pages for o in p['Contents']] == [f'n/{n:02} é' for n in range(25)])
print(code(lambda: s3.get_object(Bucket=bucket, Key='none')), code(lambda: s3.get_object(Bucket='annex-bar-333333333333', Key='x')))
`,
    );
    expect(out).toEqual(['True bytes 0-9/12582912', 'True', 'NoSuchKey AccessDenied']);
  });

  test('presigns with either signature', async () => {
    const out = await python(
      foo,
      `
for version in ('s3', 's3v4'):
  s3 = client('s3', config=Config(signature_version=version))
  sign = lambda method, key='url', **more: s3.generate_presigned_url(method, Params={'Bucket': bucket, 'Key': key, **more}, ExpiresIn=60)
  url = sign('put_object', ContentType='text/x')
  urllib.request.urlopen(urllib.request.Request(url, data=b'via url', method='PUT', headers={'Content-Type': 'text/x'}))
  got = urllib.request.urlopen(sign('get_object', ResponseContentType='text/y'))
  print(got.read().decode(), got.headers['content-type'])
  get = lambda url: code(lambda: urllib.request.urlopen(url))
  past = s3.generate_presigned_url('get_object', Params={'Bucket': bucket, 'Key': 'url'}, ExpiresIn=1 if version == 's3v4' else -5)
  print(get(sign('get_object').replace('/url', '/big')), get(sign('get_object', Bucket='annex-bar-333333333333')), 'signed', get(past) if version == 's3' else '')
`,
    );
    expect(out.map((line) => line.trim())).toEqual([
      'via url text/y',
      '403 403 signed 403',
      'via url text/y',
      '403 403 signed',
    ]);
  });

  test('assumes a role, and uses the table as far as its tag goes', async () => {
    const out = await python(
      aws.portal,
      `
given = client('sts').assume_role(RoleArn='${role}', RoleSessionName='boto', ExternalId='annex-foo', Tags=[{'Key': 'TenantId', 'Value': 'foo'}])['Credentials']
session = boto3.Session(given['AccessKeyId'], given['SecretAccessKey'], given['SessionToken'])
table = session.resource('dynamodb', endpoint_url=endpoint).Table('${awsNames.workbenchTable}')
table.put_item(Item={'pk': 'TENANT#foo', 'sk': 'BOTO', 'n': 3})
print(table.query(KeyConditionExpression=Key('pk').eq('TENANT#foo') & Key('sk').begins_with('BO'))['Items'][0]['n'])
print(code(lambda: table.query(KeyConditionExpression=Key('pk').eq('TENANT#bar'))), code(table.scan))
print(code(session.client('sqs', endpoint_url=endpoint).list_queues).replace('Exception', ''))
`,
    );
    expect(out).toEqual(['3', 'AccessDeniedException AccessDeniedException', 'AccessDenied']);
  });

  test('sends and receives messages, and gives them up', async () => {
    const out = await python(
      aws.portal,
      `
sqs = client('sqs')
dead = sqs.create_queue(QueueName='annex-boto-dlq')['QueueUrl']
arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
redrive = json.dumps({'deadLetterTargetArn': arn, 'maxReceiveCount': 1})
url = sqs.create_queue(QueueName='annex-boto', Attributes={'RedrivePolicy': redrive})['QueueUrl']
sqs.send_message(QueueUrl=url, MessageBody='é <b>', MessageAttributes={'k': {'DataType': 'String', 'StringValue': 'v'}})
sent = sqs.send_message_batch(QueueUrl=url, Entries=[{'Id': 'a', 'MessageBody': '2', 'DelaySeconds': 0}, {'Id': 'b', 'MessageBody': chr(1)}])
print([s['Id'] for s in sent['Successful']], [f['Code'] for f in sent['Failed']])
got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, AttributeNames=['All'], MessageAttributeNames=['All'])['Messages']
print([m['Body'] for m in got], got[0]['MessageAttributes']['k']['StringValue'], got[0]['Attributes']['ApproximateReceiveCount'])
sqs.delete_message_batch(QueueUrl=url, Entries=[{'Id': 'x', 'ReceiptHandle': got[1]['ReceiptHandle']}])
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=got[0]['ReceiptHandle'], VisibilityTimeout=0)
print('Messages' in sqs.receive_message(QueueUrl=url))
print(sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=['ApproximateNumberOfMessages'])['Attributes'])
print([u.split('/')[-1] for u in sqs.list_dead_letter_source_queues(QueueUrl=dead)['queueUrls']], len(sqs.list_queues(QueueNamePrefix='annex-boto')['QueueUrls']))
print(code(lambda: sqs.send_message(QueueUrl=url + 'x', MessageBody='x')))
sqs.delete_queue(QueueUrl=url)
sqs.delete_queue(QueueUrl=dead)
`,
    );
    expect(out).toEqual([
      "['a'] ['InvalidMessageContents']",
      "['é <b>', '2'] v 1",
      'False',
      "{'ApproximateNumberOfMessages': '1'}",
      "['annex-boto'] 2",
      'AWS.SimpleQueueService.NonExistentQueue',
    ]);
  });
});
