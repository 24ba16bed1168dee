import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  paginateListEndpoints,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import type { Lab } from './lab';
import { freshName } from './train';

const usualName = 'churn';

/** A name that no endpoint has: `churn`, or else `churn-2`, `churn-3`, … */
export async function freeEndpointName({ sagemaker }: Lab): Promise<string> {
  const taken = new Set<string>();
  const pages = paginateListEndpoints({ client: sagemaker, pageSize: 100 }, { NameContains: usualName });
  for await (const { Endpoints = [] } of pages) {
    for (const { EndpointName = '' } of Endpoints) taken.add(EndpointName.toLowerCase());
  }
  let name = usualName;
  for (let number = 2; taken.has(name); number += 1) name = `${usualName}-${number}`;
  return name;
}

/** The configuration that the endpoint has now; null while there is no endpoint of that name. */
export async function currentConfig({ sagemaker }: Lab, EndpointName: string): Promise<string | null> {
  return sagemaker.send(new DescribeEndpointCommand({ EndpointName })).then(
    ({ EndpointConfigName = '' }) => EndpointConfigName,
    (error: Error) => {
      if (/Could not find/.test(error.message)) return null;
      throw error;
    },
  );
}

/**
 * Makes a model of what the job trained and a configuration with data capture, and puts them behind the endpoint, which
 * is made, or updated where it `exists`. Throws what SageMaker answers.
 */
export async function deployJob(
  lab: Lab,
  jobName: string,
  endpointName: string,
  exists: boolean,
): Promise<void> {
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
  const wanted = { EndpointName: endpointName, EndpointConfigName: name };
  await sagemaker.send(exists ? new UpdateEndpointCommand(wanted) : new CreateEndpointCommand(wanted));
}
