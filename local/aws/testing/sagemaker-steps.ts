import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { siloRoleArn, tenantBucket } from '@/local/aws-names';
import { clientConfig, type Keys, s3Client, type TestAws } from './test-aws';
import { until } from './until';

/** Image URIs of the built-in algorithms. */
export const images = {
  xgboost: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
  linear: '382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1',
};

/** An input channel of CSV under that URI. */
export const channel = (ChannelName: string, S3Uri: string, ContentType = 'text/csv') => ({
  ChannelName,
  ContentType,
  DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri } },
});

/**
 * Steps of training and hosting as the tenant foo in `account`, whose extract `extracts/x1/` has to be there. `given` says
 * with which keys, when a step is taken.
 */
export function sageMakerSteps(account: string, given: () => { readonly aws: TestAws; readonly keys: Keys }) {
  const Bucket = tenantBucket('foo', account);
  const roleArn = siloRoleArn(account);

  const sagemaker = (keys = given().keys) => new SageMakerClient(clientConfig(given().aws, keys));
  const put = (Key: string, Body: string | Buffer) =>
    s3Client(given().aws, given().keys).send(new PutObjectCommand({ Bucket, Key, Body }));

  async function invoke(
    EndpointName: string,
    Body: string,
    ContentType = 'text/csv',
    keys = given().keys,
    InferenceId?: string,
  ) {
    const client = new SageMakerRuntimeClient(clientConfig(given().aws, keys));
    const answer = await client.send(
      new InvokeEndpointCommand({ EndpointName, Body, ContentType, InferenceId }),
    );
    return { ...answer, text: answer.Body?.transformToString() ?? '' };
  }

  function jobInput(TrainingJobName: string, more: Partial<CreateTrainingJobCommandInput> = {}) {
    return {
      TrainingJobName,
      AlgorithmSpecification: { TrainingImage: images.xgboost, TrainingInputMode: 'File' as const },
      RoleArn: roleArn,
      HyperParameters: { num_round: '20', max_depth: '3', objective: 'binary:logistic' },
      InputDataConfig: [channel('train', `s3://${Bucket}/extracts/x1/data.csv`)],
      OutputDataConfig: { S3OutputPath: `s3://${Bucket}/models` },
      ResourceConfig: { InstanceType: 'ml.m5.large' as const, InstanceCount: 1, VolumeSizeInGB: 5 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
      ...more,
    };
  }

  const described = (TrainingJobName: string, keys = given().keys) =>
    sagemaker(keys).send(new DescribeTrainingJobCommand({ TrainingJobName }));

  const jobEnded = (name: string) =>
    until(`the job ${name}`, async () => {
      const job = await described(name);
      return /^(InProgress|Stopping)$/.test(job.TrainingJobStatus ?? '') ? null : job;
    });

  async function trained(name: string, more: Partial<CreateTrainingJobCommandInput> = {}) {
    await sagemaker().send(new CreateTrainingJobCommand(jobInput(name, more)));
    return jobEnded(name);
  }

  const endpointSettled = (EndpointName: string) =>
    until(`the endpoint ${EndpointName}`, async () => {
      const endpoint = await sagemaker().send(new DescribeEndpointCommand({ EndpointName }));
      return /ing$/.test(endpoint.EndpointStatus ?? '') ? null : endpoint;
    });

  async function configured(
    name: string,
    image: string,
    ModelDataUrl: string,
    capture = false,
  ): Promise<void> {
    await sagemaker().send(
      new CreateModelCommand({
        ModelName: name,
        PrimaryContainer: { Image: image, ModelDataUrl },
        ExecutionRoleArn: roleArn,
      }),
    );
    await sagemaker().send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            ModelName: name,
            InitialInstanceCount: 1,
            InstanceType: 'ml.t2.medium',
          },
        ],
        ...(capture && {
          DataCaptureConfig: {
            EnableCapture: true,
            InitialSamplingPercentage: 100,
            DestinationS3Uri: `s3://${Bucket}/capture`,
            CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
            CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'] },
          },
        }),
      }),
    );
  }

  async function deployed(name: string, image: string, ModelDataUrl: string, capture = false) {
    await configured(name, image, ModelDataUrl, capture);
    await sagemaker().send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
    return endpointSettled(name);
  }

  return {
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
  };
}
