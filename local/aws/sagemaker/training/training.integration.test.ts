import {
  CreateTrainingJobCommand,
  ListTrainingJobsCommand,
  type ListTrainingJobsCommandInput,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channel, sageMakerSteps } from '@/local/aws/testing/sagemaker-steps';
import { type Keys, startTestAws, type TestAws, tenantKeys } from '@/local/aws/testing/test-aws';
import { trainingCsv } from '@/local/aws/testing/training-csv';
import { until } from '@/local/aws/testing/until';

const account = '222222222222';
const Bucket = `annex-foo-${account}`;

let aws: TestAws;
let foo: Keys;
const { sagemaker, put, described, jobInput, jobEnded, trained } = sageMakerSteps(account, () => ({
  aws,
  keys: foo,
}));

beforeAll(async () => {
  aws = await startTestAws();
  await aws.vend('foo', account);
  await aws.vend('bar', '333333333333');
  foo = await tenantKeys(aws, 'foo', account);
  await put('extracts/x1/data.csv', trainingCsv(500));
});
afterAll(() => aws.stop());

describe('a training job', () => {
  test.each([
    [
      'bad-line',
      { InputDataConfig: [channel('train', `s3://${Bucket}/bad/`)] },
      /train\/data\.csv line 3: 'oops' in column 2/,
    ],
    [
      'no-data',
      { InputDataConfig: [channel('train', `s3://${Bucket}/none/`)] },
      /No S3 objects found under S3 URL/,
    ],
    [
      'other-bucket',
      { InputDataConfig: [channel('train', 's3://annex-bar-333333333333/x')] },
      /AccessDenied/,
    ],
    [
      'no-type',
      { InputDataConfig: [channel('train', `s3://${Bucket}/extracts/x1/`, '')] },
      /content type ''/,
    ],
    [
      'way-blocked',
      { InputDataConfig: [channel('train', `s3://${Bucket}/way/`)] },
      /Data download failed .*: one name cannot be a file and a folder at once$/,
    ],
    [
      'too-long-a-name',
      { InputDataConfig: [channel('train', `s3://${Bucket}/long/`)] },
      /Data download failed .*: a name is too long for a file$/,
    ],
    ['bad-parameter', { HyperParameters: { num_round: 'many' } }, /num_round: 'many'/],
    [
      'other-image',
      { AlgorithmSpecification: { TrainingImage: 'me/mine:1', TrainingInputMode: 'File' as const } },
      /me\/mine:1 is not here/,
    ],
  ])('%s fails with the reason', async (name, more, reason) => {
    await put('bad/data.csv', '1,2\n0,3\n1,oops\n');
    await put('way/a', '1,2\n');
    await put('way/a/b', '1,2\n');
    await put(`long/${'n'.repeat(300)}`, '1,2\n');
    const job = await trained(name, more);
    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed' });
    expect(job.FailureReason).toMatch(reason);
    expect(job.FailureReason).not.toContain(aws.dir);
  });

  test.each(['.', '..'])('has no channel %s', async (name) => {
    const InputDataConfig = [channel(name, `s3://${Bucket}/extracts/x1/`)];
    const asked = new CreateTrainingJobCommand(jobInput('outside', { InputDataConfig }));
    await expect(sagemaker().send(asked)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('is stopped on request, and by its limit of time', async () => {
    await put('large/data.csv', trainingCsv(6000));
    const long = {
      InputDataConfig: [channel('train', `s3://${Bucket}/large/`)],
      HyperParameters: { num_round: '5000' },
    };
    await sagemaker().send(new CreateTrainingJobCommand(jobInput('stopped', long)));
    await until('its training', async () => (await described('stopped')).SecondaryStatus === 'Training');
    await sagemaker().send(new StopTrainingJobCommand({ TrainingJobName: 'stopped' }));
    expect(await jobEnded('stopped')).toMatchObject({
      TrainingJobStatus: 'Stopped',
      SecondaryStatus: 'Stopped',
    });
    await expect(
      sagemaker().send(new StopTrainingJobCommand({ TrainingJobName: 'stopped' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The request was rejected because the training job is in status Stopped.',
    });
    const job = await trained('too-long', { ...long, StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
  });

  test('keeps its name for ever, and is listed', async () => {
    await trained('churn-xgb');
    await expect(sagemaker().send(new CreateTrainingJobCommand(jobInput('churn-xgb')))).rejects.toMatchObject(
      {
        name: 'ResourceInUse',
      },
    );
    const list = (input: ListTrainingJobsCommandInput) =>
      sagemaker().send(new ListTrainingJobsCommand(input));
    const failed = await list({ StatusEquals: 'Failed', SortBy: 'Name', MaxResults: 2 });
    expect(failed.TrainingJobSummaries?.map(({ TrainingJobName }) => TrainingJobName)).toEqual([
      'bad-line',
      'bad-parameter',
    ]);
    const next = await list({
      StatusEquals: 'Failed',
      SortBy: 'Name',
      ...(failed.NextToken && { NextToken: failed.NextToken }),
    });
    expect(next.TrainingJobSummaries?.[0]?.TrainingJobName).toBe('no-data');
    const named = await list({ NameContains: 'XGB', CreationTimeAfter: new Date(Date.now() - 3600_000) });
    expect(named.TrainingJobSummaries).toHaveLength(1);
  });
});
