import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  type SageMakerClient,
  UpdateEndpointCommand,
  waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';

export interface DeploymentPlan {
  /** Name of the model and of the endpoint's configuration. */
  readonly name: string;
  readonly endpointName: string;
  readonly image: string;
  readonly modelDataUrl: string;
  readonly roleArn: string;
  readonly bucket: string;
}

/** Creates or updates the endpoint with the trained model, and waits until it is in service. */
export async function deploy(sagemaker: SageMakerClient, plan: DeploymentPlan): Promise<void> {
  const { name, endpointName: EndpointName } = plan;
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: plan.roleArn,
      PrimaryContainer: { Image: plan.image, ModelDataUrl: plan.modelDataUrl },
    }),
  );
  await sagemaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: name,
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: name, InstanceType: 'ml.m5.large', InitialInstanceCount: 1 },
      ],
      DataCaptureConfig: {
        EnableCapture: true,
        InitialSamplingPercentage: 100,
        DestinationS3Uri: `s3://${plan.bucket}/capture`,
        CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
        CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] },
      },
    }),
  );
  const wanted = { EndpointName, EndpointConfigName: name };
  await sagemaker.send(
    (await exists(sagemaker, EndpointName))
      ? new UpdateEndpointCommand(wanted)
      : new CreateEndpointCommand(wanted),
  );
  await waitUntilEndpointInService(
    { client: sagemaker, maxWaitTime: 1800, minDelay: 1, maxDelay: 20 },
    { EndpointName },
  ).catch(() => undefined);
  const { EndpointStatus, EndpointConfigName, FailureReason } = await sagemaker.send(
    new DescribeEndpointCommand({ EndpointName }),
  );
  if (EndpointStatus === 'InService' && EndpointConfigName === name) return;
  throw new Error(`The endpoint is ${EndpointStatus}: ${FailureReason ?? 'no reason given'}`);
}

async function exists(sagemaker: SageMakerClient, EndpointName: string): Promise<boolean> {
  try {
    await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Could not find endpoint')) return false;
    throw error;
  }
}
