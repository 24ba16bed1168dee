import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreatePresignedDomainUrlCommand,
  CreateUserProfileCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  DescribeUserProfileCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clientConfig,
  type Keys,
  s3Client,
  startTestAws,
  type TestAws,
  tenantKeys,
} from '@/local/aws/testing/test-aws';
import { trainingCsv } from '@/local/aws/testing/training-csv';
import { until } from '@/local/aws/testing/until';
import { workbenchSteps } from '@/local/aws/testing/workbench-steps';
import { tenantBucket } from '@/local/aws-names';
import { studioFetch } from '@/local/testing/studio-fetch';

const run = promisify(execFile);
const hasCli = await run('aws', ['--version']).then(
  () => true,
  () => false,
);
const root = join(import.meta.dirname, '..', '..', '..', '..');
const UserProfileName = 'ada-foo';
const extract = '01K0000000000000000000000A';

let aws: TestAws;
let accountId: string;
let keys: Keys;
let DomainId: string;
let cookie: string;

beforeAll(async () => {
  aws = await startTestAws({ stepMs: 20 });
  const portal = workbenchSteps(aws);
  ({ accountId } = await portal.ended(await portal.provision('foo-1', 'foo')));
  await portal.baseline(accountId);
  DomainId = (await portal.domain('foo', accountId)).id;
  keys = await tenantKeys(aws, 'foo', accountId);
  cookie = await signIn();
  await putExtract(extract, { rows: 1200 }, trainingCsv(1200));
  await putExtract('01K0000000000000000000000B', { format: 'csv' }, 'a,b\n');
  await putExtract('01K0000000000000000000000C', { dataset: 'orders' }, 'a,b\n');
});
afterAll(() => aws.stop());

const sagemaker = () => new SageMakerClient(clientConfig(aws, keys));

async function putExtract(id: string, more: object, data: string): Promise<void> {
  const s3 = s3Client(aws, keys);
  const Bucket = tenantBucket('foo', accountId);
  const manifest = {
    ...{ requestId: id, dataset: 'churn_training', format: 'xgboost', asOf: '1998-04-02T00:00:00.000Z' },
    ...{ file: 'data.csv', finishedAt: '2026-01-01T00:00:00.000Z', ...more },
  };
  await s3.send(new PutObjectCommand({ Bucket, Key: `extracts/${id}/data.csv`, Body: data }));
  await s3.send(
    new PutObjectCommand({ Bucket, Key: `extracts/${id}/manifest.json`, Body: JSON.stringify(manifest) }),
  );
}

async function signIn(): Promise<string> {
  await sagemaker().send(new CreateUserProfileCommand({ DomainId, UserProfileName }));
  await until('the profile', async () => {
    const { Status } = await sagemaker().send(new DescribeUserProfileCommand({ DomainId, UserProfileName }));
    return Status === 'InService';
  });
  const { AuthorizedUrl = '' } = await sagemaker().send(
    new CreatePresignedDomainUrlCommand({ DomainId, UserProfileName }),
  );
  const opened = await studioFetch(AuthorizedUrl);
  return opened.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const at = (place: string): string => `${aws.studioOrigin}/studio/${DomainId}/${place}`;

async function page(place: string) {
  const answer = await studioFetch(at(place), { headers: { cookie } });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, html: parse(text) };
}

/** Sends the form with that action as a browser does: every field as it stands, but for `changes`. */
async function submit(place: string, action: string, changes: Record<string, string> = {}, headers = {}) {
  const { html } = await page(place);
  const form = html.querySelectorAll('form').find((each) => each.getAttribute('action')?.startsWith(action));
  const fields = form?.querySelectorAll('input') ?? [];
  const body = new URLSearchParams(
    fields.map((field): [string, string] => [
      field.getAttribute('name') ?? '',
      field.getAttribute('value') ?? '',
    ]),
  );
  for (const [name, value] of Object.entries(changes)) body.set(name, value);
  const target = new URL(form?.getAttribute('action')?.replaceAll('&amp;', '&') ?? '', at(place));
  const answer = await studioFetch(target, {
    method: 'POST',
    body,
    headers: { cookie, ...headers },
  });
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    html: parse(await answer.text()),
  };
}

const completed = (TrainingJobName: string) =>
  until(TrainingJobName, async () => {
    const job = await sagemaker().send(new DescribeTrainingJobCommand({ TrainingJobName }));
    return job.TrainingJobStatus === 'InProgress' ? null : job;
  });

const train = `train?extract=${extract}&algorithm=xgboost`;

describe('training and hosting in Studio', () => {
  it('offers the extracts that can be trained on', async () => {
    const { html } = await page('training');
    const links = html.querySelectorAll('a[href^="train?"]').map((link) => link.getAttribute('aria-label'));
    expect(links).toEqual([`Train on ${extract}`]);
    expect(html.text).toContain('csv: not supported, the label must come first');
    expect(html.text).not.toContain('01K0000000000000000000000C');
    expect(html.text).toContain('1998-04-02');
    expect(html.text).toContain('No training jobs yet');
  });

  it('trains, shows the AUC, deploys, and lists the endpoint', async () => {
    const sent = await submit(train, 'train', { name: 'from-studio', num_round: '15' });
    expect(sent).toMatchObject({ status: 303, location: 'training-job?name=from-studio' });
    const running = await page('training');
    expect(running.headers.get('refresh')).toBe('3');
    expect((await page('training?still=1')).headers.get('refresh')).toBeNull();
    const job = await completed('from-studio');
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed',
      HyperParameters: { num_round: '15', eta: '0.1' },
    });
    const shown = await page('training-job?name=from-studio');
    const auc = job.FinalMetricDataList?.find(({ MetricName }) => MetricName === 'validation:auc')?.Value;
    expect(shown.html.text).toContain(auc?.toFixed(4));
    expect(shown.headers.get('refresh')).toBeNull();
    expect((await page('training')).html.text).toContain(auc?.toFixed(4));

    const deployed = await submit('training-job?name=from-studio', 'deploy', { endpoint: 'churn' });
    expect(deployed).toMatchObject({ status: 303, location: 'endpoints' });
    const endpoint = await until('the endpoint', async () => {
      const found = await sagemaker().send(new DescribeEndpointCommand({ EndpointName: 'churn' }));
      return found.EndpointStatus === 'InService' && found;
    });
    expect(endpoint.DataCaptureConfig).toMatchObject({ EnableCapture: true, CaptureStatus: 'Started' });
    expect((await page('endpoints')).html.querySelector('tbody')?.text).toMatch(/churn\s*InService/);
    const runtime = new SageMakerRuntimeClient(clientConfig(aws, keys));
    const { Body } = await runtime.send(
      new InvokeEndpointCommand({
        EndpointName: 'churn',
        ContentType: 'text/csv',
        Body: '390,1,25,400,0,0,0,0',
      }),
    );
    expect(Number(Body?.transformToString())).toBeGreaterThan(0.6);
  });

  it('proposes a name that is free', async () => {
    const proposed = async () => {
      const { html } = await page('training-job?name=from-studio');
      return html.querySelector('#endpoint')?.getAttribute('value');
    };
    expect(await proposed()).toBe('churn-2');
    await submit('training-job?name=from-studio', 'deploy');
    expect(await proposed()).toBe('churn-3');
  });

  it('updates an endpoint of that name when it is agreed to, and deletes one', async () => {
    await submit('training-job?name=from-studio', 'deploy', { endpoint: 'other' });
    const settled = (name: string) =>
      until(name, async () => {
        const found = await sagemaker().send(new DescribeEndpointCommand({ EndpointName: name }));
        return found.EndpointStatus === 'InService' && found.EndpointConfigName;
      });
    const first = await settled('other');
    const second = Math.floor(Date.now() / 1000);
    await until('another second', async () => Math.floor(Date.now() / 1000) > second);
    const asked = await submit('training-job?name=from-studio', 'deploy', { endpoint: 'other' });
    expect(asked.status).toBe(409);
    expect(asked.html.querySelector('h2')?.text).toBe('Replace the model of endpoint other?');
    expect(await settled('other')).toBe(first);
    const replaces = asked.html.querySelector('[name=replaces]')?.getAttribute('value') ?? '';
    expect(replaces).toBe(first);
    const agreed = { endpoint: 'other', replaces };
    expect(await submit('training-job?name=from-studio', 'deploy', agreed)).toMatchObject({ status: 303 });
    await until('the update', async () => (await settled('other')) !== first);
    await submit('endpoints', 'delete-endpoint', { name: 'other' });
    await until('its end', () =>
      sagemaker()
        .send(new DescribeEndpointCommand({ EndpointName: 'other' }))
        .then(
          () => false,
          () => true,
        ),
    );
  });

  it('keeps what was written when SageMaker refuses it, and says why', async () => {
    const sent = await submit(train, 'train', { name: 'from-studio', num_round: '7' });
    expect(sent.status).toBe(400);
    expect(sent.html.querySelector('[role=alert]')?.text).toContain('Training job names must be unique');
    expect(sent.html.querySelector('#num_round')?.getAttribute('value')).toBe('7');
    const named = await submit('training-job?name=from-studio', 'deploy', { endpoint: 'no spaces' });
    expect(named.html.querySelector('[role=alert]')?.text).toContain('letters, digits and hyphens');
  });

  it('shows why a job failed', async () => {
    await putExtract('01K0000000000000000000000D', {}, '1,2\nx,3\n');
    const bad = 'train?extract=01K0000000000000000000000D&algorithm=linear-learner';
    await submit(bad, 'train', { name: 'bad-data' });
    await completed('bad-data');
    const { html } = await page('training-job?name=bad-data');
    expect(html.querySelector('.alert')?.text).toContain(
      "train/data.csv line 2: 'x' in column 1 is not a number",
    );
    expect(html.querySelector('form[action=deploy]')).toBeNull();
  });

  it('takes no form of another site or another session', async () => {
    const foreign = await submit(train, 'train', { name: 'foreign' }, { 'sec-fetch-site': 'cross-site' });
    const forged = await submit(train, 'train', { name: 'forged', token: 'x' });
    expect([foreign.status, forged.status]).toEqual([403, 403]);
    const unknown = await studioFetch(at('training'));
    expect(unknown.status).toBe(401);
    const { html } = await page('training');
    expect(html.text).not.toMatch(/foreign|forged/);
  });

  it.each(['train?extract=none', 'training-job?name=none'])('answers 404 for %s', async (place) => {
    expect((await page(place)).status).toBe(404);
  });
});

/** What `npm run aws:env` gives, with nothing else of this process's AWS settings. */
function toolEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '', HOME = '' } = process.env;
  return {
    ...{ NODE_ENV: 'test', PATH, HOME },
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken ?? '',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: aws.origin,
  };
}

describe('examples/churn-model', () => {
  const example = (...args: string[]) =>
    run(
      process.execPath,
      ['--import', 'tsx', join(root, 'examples/churn-model/train-and-deploy.ts'), '--extract', ...args],
      { cwd: root, env: toolEnvironment() },
    );

  it.each([
    ['xgboost', /validation:auc 0\.[89]\d+/, /gets 0\.\d+/],
    ['linear-learner', /validation:roc_auc_score 0\.[89]\d+/, /gets \{"predictions":\[\{"score":0\.\d+/],
  ])('trains and deploys with %s', async (algorithm, measured, answered) => {
    const endpoint = `example-${algorithm}`;
    const { stdout } = await example(extract, '--algorithm', algorithm, '--endpoint', endpoint);
    expect(stdout).toMatch(/1200 rows: 9\d\d to train on, 2\d\d to validate with/);
    expect(stdout).toMatch(measured);
    expect(stdout).toContain(`${endpoint} is in service`);
    expect(stdout).toMatch(answered);
  });

  it('says what is wrong', async () => {
    await expect(example('none')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no s3://'),
    });
    await expect(example('01K0000000000000000000000C')).rejects.toMatchObject({
      stderr: expect.stringContaining('It takes churn_training'),
    });
  });

  it.skipIf(!hasCli)('leaves what the AWS CLI describes', async () => {
    const cli = async (...args: string[]) =>
      JSON.parse((await run('aws', [...args, '--output', 'json'], { env: toolEnvironment() })).stdout);
    const job = await cli('sagemaker', 'describe-training-job', '--training-job-name', 'from-studio');
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', SecondaryStatus: 'Completed' });
    const { Endpoints } = await cli('sagemaker', 'list-endpoints', '--status-equals', 'InService');
    expect(Endpoints.length).toBeGreaterThan(1);
    // Versions of the CLI differ in how they take bytes on the command line, not in a file.
    const folder = await mkdtemp(join(tmpdir(), 'annex-cli-'));
    await writeFile(join(folder, 'row.csv'), '390,1,25,400,0,0,0,0');
    const invoked = await cli(
      ...['sagemaker-runtime', 'invoke-endpoint', '--endpoint-name', 'churn', '--content-type', 'text/csv'],
      ...['--body', `fileb://${join(folder, 'row.csv')}`, '/dev/null'],
    );
    await rm(folder, { recursive: true });
    expect(invoked).toMatchObject({ InvokedProductionVariant: 'AllTraffic' });
  });
});
