import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeDomainCommand,
  DescribeEndpointCommand,
  type ProductionVariantInstanceType,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, ModelError } from '@aws-sdk/client-sagemaker-runtime';
import type { Deployment, ModelDeployments } from '@/lib/domain/marketplace/ports';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { aws, isMissing } from '../core/errors';
import { OneTryRuntimeClient } from '../models/invoke-endpoint';

const testMs = 60_000;

/** Models of subscriptions in the account of `tenantId`, with the tenant's role there. */
export function modelDeployments(tenantId: string): ModelDeployments {
  const scope = (accountId: string) => ({ kind: 'silo', tenantId, accountId }) as const;
  const sagemaker = (accountId: string) => tenantClient(SageMakerClient, scope(accountId));
  return {
    createModel: async (deployment) => {
      const client = sagemaker(deployment.accountId);
      const ExecutionRoleArn = await executionRole(client, deployment);
      await created(() =>
        client.send(
          new CreateModelCommand({
            ModelName: deployment.name,
            ExecutionRoleArn,
            EnableNetworkIsolation: true,
            PrimaryContainer: { ModelPackageName: deployment.modelPackageArn },
          }),
        ),
      );
    },
    createConfiguration: async ({ accountId, name, instanceType }) => {
      await created(() =>
        sagemaker(accountId).send(
          new CreateEndpointConfigCommand({
            EndpointConfigName: name,
            ProductionVariants: [
              {
                VariantName: 'AllTraffic',
                ModelName: name,
                InitialInstanceCount: 1,
                InstanceType: instanceType as ProductionVariantInstanceType,
              },
            ],
          }),
        ),
      );
    },
    endpoint: async ({ accountId, name }) => {
      const client = sagemaker(accountId);
      await created(() =>
        client.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name })),
      );
      const { EndpointStatus, FailureReason } = await aws('looking at the endpoint', () =>
        client.send(new DescribeEndpointCommand({ EndpointName: name })),
      );
      if (EndpointStatus === 'InService') return { state: 'ready' };
      if (EndpointStatus !== 'Failed' && EndpointStatus !== 'OutOfService') return { state: 'waiting' };
      return { state: 'failed', reason: FailureReason ?? 'SageMaker gives no reason.' };
    },
    test: ({ accountId, name }, sample) =>
      answerOf(tenantClient(OneTryRuntimeClient, scope(accountId)), name, sample),
    remove: async ({ accountId, name }) => {
      const client = sagemaker(accountId);
      if (await isThere(client, name)) {
        await deleted(() => client.send(new DeleteEndpointCommand({ EndpointName: name })));
        if (await isThere(client, name)) return false;
      }
      await deleted(() => client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })));
      await deleted(() => client.send(new DeleteModelCommand({ ModelName: name })));
      return true;
    },
  };
}

async function executionRole(client: SageMakerClient, { domainId }: Deployment): Promise<string> {
  const { DefaultUserSettings } = await aws('looking at the Studio domain', () =>
    client.send(new DescribeDomainCommand({ DomainId: domainId })),
  );
  const role = DefaultUserSettings?.ExecutionRole;
  if (!role) throw new AnnexError('conflict', 'The Studio domain has no execution role.');
  return role;
}

/** SageMaker says by its words alone that a name is in use: then an earlier try succeeded. */
async function created(create: () => Promise<unknown>): Promise<void> {
  try {
    await aws('deploying the model', create);
  } catch (error) {
    if (!isAnnexError(error, 'invalid', 'conflict') || !/already exist/i.test(error.message)) throw error;
  }
}

async function deleted(remove: () => Promise<unknown>): Promise<void> {
  await ifThere(remove);
}

const isThere = async (client: SageMakerClient, EndpointName: string): Promise<boolean> =>
  (await ifThere(() => client.send(new DescribeEndpointCommand({ EndpointName })))) !== null;

/** What `call` gives; null when SageMaker says that there is no such thing. */
async function ifThere<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await aws('taking the model down', call);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function answerOf(
  client: OneTryRuntimeClient,
  EndpointName: string,
  {
    body,
    contentType,
    accept,
  }: { readonly body: string; readonly contentType: string; readonly accept: string },
): Promise<string | null> {
  const command = new InvokeEndpointCommand({
    EndpointName,
    ContentType: contentType,
    Accept: accept,
    Body: Buffer.from(body),
  });
  try {
    await client.send(command, { abortSignal: AbortSignal.timeout(testMs) });
    return null;
  } catch (error) {
    // The container's own words are the seller's, and say nothing that the buyer could do.
    if (error instanceof ModelError) {
      return `The model answered the listing’s sample with ${error.OriginalStatusCode ?? 'an error'}.`;
    }
    return aws('trying the model', () => Promise.reject(error));
  }
}
