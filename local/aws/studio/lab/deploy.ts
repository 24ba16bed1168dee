import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import type { Lab } from './lab';
import { freshName } from './train';

/**
 * Makes a model of what the job trained and a configuration with data capture, and puts them behind the endpoint, which
 * is made or updated. Throws what SageMaker answers.
 */
export async function deployJob(lab: Lab, jobName: string, endpointName: string): Promise<void> {
  const { sagemaker } = lab;
  const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName }));
  const name = freshName(endpointName, new Date());
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: lab.roleArn,
      PrimaryContainer: {
        Image: job.AlgorithmSpecification?.TrainingImage,
        ModelDataUrl: job.ModelArtifacts?.S3ModelArtifacts,
      },
    }),
  );
  await sagemaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: name,
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: name, InitialInstanceCount: 1, InstanceType: 'ml.t2.medium' },
      ],
      DataCaptureConfig: {
        EnableCapture: true,
        InitialSamplingPercentage: 100,
        DestinationS3Uri: `s3://${lab.bucket}/capture`,
        CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
        CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] },
      },
    }),
  );
  const there = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName })).then(
    () => true,
    (error: Error) => {
      if (/Could not find/.test(error.message)) return false;
      throw error;
    },
  );
  const wanted = { EndpointName: endpointName, EndpointConfigName: name };
  await sagemaker.send(there ? new UpdateEndpointCommand(wanted) : new CreateEndpointCommand(wanted));
}
