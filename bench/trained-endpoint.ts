import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { tenantClient } from '@/lib/aws/core/clients';
import type { ProductAws } from '@/local/testing/product-aws';
import { type EndpointRecord, hostedKey, keyOf } from '../local/aws/sagemaker/hosting/endpoint-record';
import { trainingCsv } from '../local/aws/testing/training-csv';
import { siloRoleArn } from '../local/aws-names';

const name = 'churn';
const image = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1';

/**
 * Trains XGBoost with the Studio form's defaults (100 trees of depth 4) and the tenant's role, and hosts it as the
 * endpoint `churn`. Returns the port of the model's process.
 */
export async function trainedEndpoint(aws: ProductAws, tenantId: string, accountId: string): Promise<number> {
  const Bucket = await aws.vend(tenantId, accountId);
  const scope = { kind: 'silo', tenantId, accountId } as const;
  await tenantClient(S3Client, scope).send(
    new PutObjectCommand({ Bucket, Key: 'train/data.csv', Body: trainingCsv(20_000) }),
  );
  const sagemaker = tenantClient(SageMakerClient, scope);
  const RoleArn = siloRoleArn(accountId);
  const S3DataSource = { S3DataType: 'S3Prefix' as const, S3Uri: `s3://${Bucket}/train/` };
  await sagemaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File' },
      RoleArn,
      HyperParameters: { num_round: '100', max_depth: '4', eta: '0.1', objective: 'binary:logistic' },
      InputDataConfig: [{ ChannelName: 'train', ContentType: 'text/csv', DataSource: { S3DataSource } }],
      OutputDataConfig: { S3OutputPath: `s3://${Bucket}/models` },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 5 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    }),
  );
  await becomes('Completed', async () => {
    const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    return { status: job.TrainingJobStatus, why: job.FailureReason };
  });
  const ModelDataUrl = `s3://${Bucket}/models/${name}/output/model.tar.gz`;
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: RoleArn,
      PrimaryContainer: { Image: image, ModelDataUrl },
    }),
  );
  const variant = {
    VariantName: 'AllTraffic',
    ModelName: name,
    InitialInstanceCount: 1,
    InstanceType: 'ml.m5.large',
  } as const;
  await sagemaker.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: [variant] }),
  );
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  await becomes('InService', async () => {
    const endpoint = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
    return { status: endpoint.EndpointStatus, why: endpoint.FailureReason };
  });
  return portOf(aws.standIn, accountId);
}

async function becomes(
  wanted: string,
  look: () => Promise<{ readonly status: string | undefined; readonly why: string | undefined }>,
): Promise<void> {
  for (;;) {
    const { status, why } = await look();
    if (status === wanted) return;
    if (status === 'Failed') throw new Error(why);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function portOf(standIn: ProductAws['standIn'], accountId: string): Promise<number> {
  const endpoint = { accountId, name };
  const record = await standIn.state.get<EndpointRecord>('sagemaker.endpoints', keyOf(endpoint));
  const { hosting } = standIn.services.sageMaker;
  const port = record?.current && hosting.process(hostedKey(endpoint, record.current, 'AllTraffic'))?.port;
  if (!port) throw new Error('The model has no process.');
  return port;
}
