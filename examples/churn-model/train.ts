import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  type SageMakerClient,
  waitUntilTrainingJobCompletedOrStopped,
} from '@aws-sdk/client-sagemaker';
import type { Algorithm } from './images';
import { split } from './split';

const hyperparameters: Readonly<Record<Algorithm, Record<string, string>>> = {
  xgboost: {
    objective: 'binary:logistic',
    num_round: '100',
    max_depth: '4',
    eta: '0.1',
    subsample: '0.8',
    eval_metric: 'auc',
  },
  'linear-learner': { predictor_type: 'binary_classifier', wd: '0.0001' },
};

export interface TrainingPlan {
  readonly jobName: string;
  readonly algorithm: Algorithm;
  readonly image: string;
  readonly roleArn: string;
  readonly bucket: string;
  readonly extract: string;
}

/**
 * Splits the extract's rows into two channels, trains on them, and waits. Throws a sentence when the extract is not
 * suitable for training or the job fails.
 */
export async function train(
  s3: S3Client,
  sagemaker: SageMakerClient,
  plan: TrainingPlan,
  say: (line: string) => void,
): Promise<DescribeTrainingJobResponse> {
  const { jobName, bucket } = plan;
  const manifest = JSON.parse(await textOf(s3, bucket, `extracts/${plan.extract}/manifest.json`)) as {
    dataset: string;
    format: string;
    rows: number;
    file: string;
  };
  if (manifest.dataset !== 'churn_training' || manifest.format !== 'xgboost') {
    throw new Error(
      `Extract ${plan.extract} is ${manifest.dataset} as ${manifest.format}. It takes churn_training in the SageMaker XGBoost layout.`,
    );
  }
  const parts = split(await textOf(s3, bucket, `extracts/${plan.extract}/${manifest.file}`));
  say(
    `${manifest.rows} rows: ${parts.counts.train} to train on, ${parts.counts.validation} to validate with`,
  );
  for (const channel of ['train', 'validation'] as const) {
    const Key = `training/${jobName}/${channel}/data.csv`;
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body: parts[channel], ContentType: 'text/csv' }),
    );
  }

  await sagemaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: jobName,
      RoleArn: plan.roleArn,
      AlgorithmSpecification: { TrainingImage: plan.image, TrainingInputMode: 'File' },
      HyperParameters: hyperparameters[plan.algorithm],
      InputDataConfig: ['train', 'validation'].map((ChannelName) => ({
        ChannelName,
        ContentType: 'text/csv',
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix' as const,
            S3Uri: `s3://${bucket}/training/${jobName}/${ChannelName}/`,
          },
        },
      })),
      OutputDataConfig: { S3OutputPath: `s3://${bucket}/models` },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    }),
  );
  say(`training ${jobName} on ${plan.image}`);
  return completed(sagemaker, jobName, say);
}

async function completed(
  sagemaker: SageMakerClient,
  TrainingJobName: string,
  say: (line: string) => void,
): Promise<DescribeTrainingJobResponse> {
  // The job's own reason is more helpful than the waiter's error, so failures are read from the job below.
  await waitUntilTrainingJobCompletedOrStopped(
    { client: sagemaker, maxWaitTime: 3600, minDelay: 1, maxDelay: 20 },
    { TrainingJobName },
  ).catch(() => undefined);
  const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
  if (job.TrainingJobStatus !== 'Completed') {
    throw new Error(
      `The training job is ${job.TrainingJobStatus}: ${job.FailureReason ?? 'no reason given'}`,
    );
  }
  for (const { MetricName, Value } of job.FinalMetricDataList ?? [])
    say(`  ${MetricName} ${Value?.toFixed(4)}`);
  return job;
}

async function textOf(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key })).catch((error: Error) => {
    throw error.name === 'NoSuchKey' ? new Error(`There is no s3://${Bucket}/${Key}.`) : error;
  });
  return (await Body?.transformToString()) ?? '';
}
