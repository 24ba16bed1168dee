import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  DescribeModelCommand,
  ListEndpointsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { siloRoleArn } from '@/local/aws-names';
import { images, sageMakerSteps } from '../testing/sagemaker-steps';
import { type Keys, s3Client, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';
import { trainingCsv } from '../testing/training-csv';
import { until } from '../testing/until';
import { packTarGz } from './shared/tar-gz';
import { toXgboostJson } from './training/trainer/xgboost-model';

const account = '222222222222';
const Bucket = `annex-foo-${account}`;
const row = '10,2,25,200,1,20,30,0';

let aws: TestAws;
let foo: Keys;
let bar: Keys;

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', account);
  await aws.vend('bar', '333333333333');
  foo = await tenantKeys(aws, 'foo', account);
  bar = await tenantKeys(aws, 'bar', '333333333333');
  await put('extracts/x1/data.csv', trainingCsv(1500));
});
afterAll(() => aws.stop());

const steps = sageMakerSteps(account, () => ({ aws, keys: foo }));
const {
  sagemaker,
  put,
  invoke,
  described,
  jobInput,
  jobEnded,
  trained,
  configured,
  deployed,
  endpointSettled,
} = steps;

const artefactOf = (name: string): string => `s3://${Bucket}/models/${name}/output/model.tar.gz`;

describe('from an extract to answers', () => {
  test('with XGBoost: trains on S3, leaves the model there, serves CSV and refuses JSON', async () => {
    const job = await trained('churn-xgb');
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: artefactOf('churn-xgb') },
      HyperParameters: { num_round: '20' },
    });
    const statuses = job.SecondaryStatusTransitions?.map(({ Status }) => Status);
    expect(statuses).toEqual(['Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);
    const auc = job.FinalMetricDataList?.find(({ MetricName }) => MetricName === 'validation:auc');
    expect(auc?.Value).toBeGreaterThan(0.8);
    expect(auc?.Timestamp?.getTime()).toBeGreaterThanOrEqual(job.TrainingStartTime?.getTime() ?? Number.NaN);
    const object = await s3Client(aws, foo).send(
      new GetObjectCommand({ Bucket, Key: 'models/churn-xgb/output/model.tar.gz' }),
    );
    const archive = gunzipSync((await object.Body?.transformToByteArray()) ?? '');
    expect(archive.toString('latin1', 0, 13)).toBe('xgboost-model');

    const endpoint = await deployed('churn-xgb', images.xgboost, artefactOf('churn-xgb'));
    expect(endpoint).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'churn-xgb' });
    const lapsed = '390,1,25,400,0,0,0,0';
    const { text, ContentType } = await invoke('churn-xgb', `${row}\n${lapsed}`);
    expect(ContentType).toMatch(/^text\/csv/);
    const [low = 1, high = 0] = text.split('\n').map(Number);
    expect([low < 0.3, high > 0.7]).toEqual([true, true]);
    const json = JSON.stringify({ instances: [{ features: row.split(',').map(Number) }] });
    await expect(invoke('churn-xgb', json, 'application/json')).rejects.toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 415,
    });
    // A row that is too short misses its last features; one that is too long fits no tree.
    const short = row.split(',').slice(0, 7).join(',');
    expect((await invoke('churn-xgb', short)).text).toBe((await invoke('churn-xgb', `${short},`)).text);
    for (const [body, OriginalStatusCode] of [
      [`${row},1`, 400],
      [`${row}\n${short}`, 415],
      [row.replace('25', 'abc'), 415],
    ] as const) {
      await expect(invoke('churn-xgb', body), body).rejects.toMatchObject({ OriginalStatusCode });
    }
  });

  test('with Linear Learner: serves JSON, and CSV in', async () => {
    const job = await trained('churn-linear', {
      AlgorithmSpecification: { TrainingImage: images.linear, TrainingInputMode: 'File' },
      HyperParameters: { predictor_type: 'binary_classifier' },
    });
    expect(job.FinalMetricDataList?.map(({ MetricName }) => MetricName)).toContain(
      'validation:roc_auc_score',
    );
    await deployed('churn-linear', images.linear, artefactOf('churn-linear'));
    const features = row.split(',').map(Number);
    const instances = [{ features }, { features: [390, 1, 25, 400, 0, 0, 0, 0] }];
    const answer = await invoke('churn-linear', JSON.stringify({ instances }), 'application/json');
    const { predictions } = JSON.parse(answer.text) as {
      predictions: { score: number; predicted_label: number }[];
    };
    expect(predictions.map(({ predicted_label }) => predicted_label)).toEqual([0, 1]);
    expect(JSON.parse((await invoke('churn-linear', row)).text)).toEqual({
      predictions: predictions.slice(0, 1),
    });
    const seven = JSON.stringify({ instances: [{ features: features.slice(0, 7) }] });
    for (const body of ['{"instances":', seven]) {
      await expect(invoke('churn-linear', body, 'application/json'), body).rejects.toMatchObject({
        OriginalStatusCode: 400,
      });
    }
  });

  test('captures what is asked and answered into S3', async () => {
    await deployed('captured', images.xgboost, artefactOf('churn-xgb'), true);
    const { text } = await invoke('captured', row, 'text/csv', foo, 'annex-look-1');
    const key = await until('the capture', async () => {
      const Prefix = 'capture/captured/AllTraffic/';
      const { Contents } = await s3Client(aws, foo).send(new ListObjectsV2Command({ Bucket, Prefix }));
      return Contents?.[0]?.Key;
    });
    expect(key).toMatch(/AllTraffic\/\d{4}\/\d\d\/\d\d\/\d\d\/\d\d-\d\d-\d{3}-[0-9a-f-]{36}\.jsonl$/);
    const { Body } = await s3Client(aws, foo).send(new GetObjectCommand({ Bucket, Key: key }));
    expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({
      captureData: {
        endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: row, encoding: 'CSV' },
        endpointOutput: { mode: 'OUTPUT', data: text, encoding: 'CSV' },
      },
      eventMetadata: { inferenceId: 'annex-look-1' },
      eventVersion: '0',
    });
    await expect(invoke('captured', row, 'text/csv', foo, 'x'.repeat(65))).rejects.toMatchObject({
      name: 'ValidationError',
    });
    const { DataCaptureConfig } = await sagemaker().send(
      new DescribeEndpointCommand({ EndpointName: 'captured' }),
    );
    expect(DataCaptureConfig).toMatchObject({ CaptureStatus: 'Started', CurrentSamplingPercentage: 100 });
  });

  test('outlives a restart', async () => {
    const before = (await invoke('churn-xgb', row)).text;
    await sagemaker().send(new CreateTrainingJobCommand(jobInput('interrupted')));
    await aws.restart();
    await until('its return', () =>
      invoke('churn-xgb', row).then(
        () => true,
        () => false,
      ),
    );
    expect((await invoke('churn-xgb', row)).text).toBe(before);
    expect((await jobEnded('interrupted')).TrainingJobStatus).toBe('Completed');
    expect((await described('churn-xgb')).TrainingJobStatus).toBe('Completed');
  });

  test('is updated without a gap, and deleted', async () => {
    await configured('second', images.linear, artefactOf('churn-linear'));
    const update = { EndpointName: 'churn-xgb', EndpointConfigName: 'second' };
    await sagemaker().send(new UpdateEndpointCommand(update));
    expect(await sagemaker().send(new DescribeEndpointCommand({ EndpointName: 'churn-xgb' }))).toMatchObject({
      EndpointConfigName: 'churn-xgb',
      ProductionVariants: [
        { DeployedImages: [{ SpecifiedImage: images.xgboost, ResolvedImage: withDigest(images.xgboost) }] },
      ],
      PendingDeploymentSummary: { EndpointConfigName: 'second' },
    });
    await expect(sagemaker().send(new UpdateEndpointCommand(update))).rejects.toThrow(/in-progress/);
    expect((await invoke('churn-xgb', row)).ContentType).toBeDefined();
    expect(await endpointSettled('churn-xgb')).toMatchObject({ EndpointConfigName: 'second' });
    expect((await invoke('churn-xgb', row)).ContentType).toBe('application/json');
    await sagemaker().send(new DeleteEndpointCommand({ EndpointName: 'churn-xgb' }));
    await until('its end', () =>
      endpointSettled('churn-xgb').then(
        () => false,
        () => true,
      ),
    );
    await expect(invoke('churn-xgb', row)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('an update that fails leaves what was there', async () => {
    await configured('broken', images.xgboost, `s3://${Bucket}/nothing/model.tar.gz`);
    await sagemaker().send(
      new UpdateEndpointCommand({ EndpointName: 'captured', EndpointConfigName: 'broken' }),
    );
    expect(await endpointSettled('captured')).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'captured',
      FailureReason: expect.stringContaining('Could not find model data'),
    });
    expect((await invoke('captured', row)).text).not.toBe('');
  });
});

const withDigest = (image: string) =>
  expect.stringMatching(new RegExp(`^${image.split(':')[0]}@sha256:[0-9a-f]{64}$`));

describe('what a tenant sends is data', () => {
  test('variables of a model are settings of its container, never of its process', async () => {
    await trained('env-model');
    const evil = join(aws.dir, 'evil.cjs');
    await writeFile(evil, `require('node:fs').writeFileSync(${JSON.stringify(`${evil}.ran`)}, '')`);
    const name = 'with-variables';
    await sagemaker().send(
      new CreateModelCommand({
        ModelName: name,
        PrimaryContainer: {
          Image: images.xgboost,
          ModelDataUrl: artefactOf('env-model'),
          Environment: {
            NODE_OPTIONS: `--require ${evil}`,
            SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: 'application/json',
          },
        },
        ExecutionRoleArn: siloRoleArn(account),
      }),
    );
    const ProductionVariants = [
      { VariantName: 'v', ModelName: name, InitialInstanceCount: 1, InstanceType: 'ml.t2.medium' as const },
    ];
    await sagemaker().send(new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants }));
    await sagemaker().send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
    expect(await endpointSettled(name)).toMatchObject({ EndpointStatus: 'InService' });
    expect((await invoke(name, row)).ContentType).toBe('application/json');
    await expect(access(`${evil}.ran`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('an archive may have any names below its own folder', async () => {
    const model = toXgboostJson({ featureCount: 8, trees: [] });
    const files = { 'xgboost-model': model, '.whole/x': '', '.whole.tar.gz': '', 'process.json': '{}' };
    const archive = await packTarGz(
      Object.entries(files).map(([name, text]) => ({ name, data: Buffer.from(text) })),
    );
    await put('names.tar.gz', archive);
    const endpoint = await deployed('names', images.xgboost, `s3://${Bucket}/names.tar.gz`);
    expect(endpoint).toMatchObject({ EndpointStatus: 'InService' });
    expect((await invoke('names', row)).text).toBe('0.5');
  });

  test('a bomb for an archive fails its endpoint, and keeps nobody waiting after a restart', async () => {
    await put('bomb.tar.gz', gzipSync(Buffer.alloc(540 * 2 ** 20), { level: 1 }));
    await configured('bomb', images.xgboost, `s3://${Bucket}/bomb.tar.gz`);
    await sagemaker().send(new CreateEndpointCommand({ EndpointName: 'bomb', EndpointConfigName: 'bomb' }));
    await aws.restart();
    await until('the good endpoint', () =>
      invoke('with-variables', row).then(
        () => true,
        () => false,
      ),
    );
    expect(await endpointSettled('bomb')).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason: expect.stringContaining('The archive unpacks to more than 512 MB.'),
    });
  });
});

describe('an endpoint that cannot come up', () => {
  test.each([
    ['no-image', 'me/mine:1', 'models/churn-xgb/output/model.tar.gz', /me\/mine:1 is not here/],
    ['no-artefact', images.xgboost, 'nothing.tar.gz', /Could not find model data at s3:/],
    ['no-archive', images.xgboost, 'extracts/x1/data.csv', /Failed to extract model data archive/],
    [
      'wrong-image',
      images.linear,
      'models/churn-xgb/output/model.tar.gz',
      /did not pass the ping health check/,
    ],
  ])('%s fails with the reason, and is deleted', async (name, image, key, reason) => {
    const endpoint = await deployed(name, image, `s3://${Bucket}/${key}`);
    expect(endpoint.EndpointStatus).toBe('Failed');
    expect(endpoint.FailureReason).toMatch(reason);
    await expect(invoke(name, row)).rejects.toMatchObject({ name: 'ValidationError' });
    await sagemaker().send(new DeleteEndpointCommand({ EndpointName: name }));
  });
});

describe('another tenant', () => {
  test('finds nothing of it', async () => {
    await expect(described('churn-xgb', bar)).rejects.toThrow('Requested resource not found');
    await expect(
      sagemaker(bar).send(new DescribeEndpointCommand({ EndpointName: 'captured' })),
    ).rejects.toThrow('Could not find');
    await expect(sagemaker(bar).send(new DescribeModelCommand({ ModelName: 'churn-xgb' }))).rejects.toThrow(
      'Could not find',
    );
    expect((await sagemaker(bar).send(new ListEndpointsCommand({}))).Endpoints).toEqual([]);
    await expect(invoke('captured', row, 'text/csv', bar)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('cannot lend its role, nor can the portal invoke', async () => {
    const input = jobInput('theft');
    await expect(sagemaker(bar).send(new CreateTrainingJobCommand(input))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(invoke('captured', row, 'text/csv', aws.portal)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
