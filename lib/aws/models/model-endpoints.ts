import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointConfigOutput,
  type DescribeEndpointOutput,
  ListEndpointsCommand,
  SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { ownCallKindOf } from '@/lib/domain/models/inference-id';
import type { Deployment, EndpointDescription, ModelEndpoints } from '@/lib/domain/models/ports';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { memoOne } from '@/lib/memo';
import { tenantClient } from '../core/clients';
import { aws, isMissing, wasRetried } from '../core/errors';
import { recordOwnCall } from '../monitoring/own-calls';
import { invokeEndpoint, OneTryRuntimeClient } from './invoke-endpoint';

/** The clients that an account's endpoints need. */
export interface EndpointClients {
  readonly sagemaker: SageMakerClient;
  readonly runtime: OneTryRuntimeClient;
  /** Records each call, so that monitoring can tell it from those of the tenant's applications. */
  readonly cloudWatch: CloudWatchClient;
}

/**
 * The endpoints in the tenant's own account, with the tenant's role there. `accountId` throws `conflict` while the tenant has
 * no account.
 */
export function modelEndpoints(tenantId: string, accountId: () => Promise<string>): ModelEndpoints {
  // A tenant's account never changes.
  const account = memoOne(accountId);
  return modelEndpointsOf(async () => {
    const scope = { kind: 'silo', tenantId, accountId: await account() } as const;
    return {
      sagemaker: tenantClient(SageMakerClient, scope),
      runtime: tenantClient(OneTryRuntimeClient, scope),
      cloudWatch: tenantClient(CloudWatchClient, scope),
    };
  });
}

/** The endpoints that `clients` can access. */
export function modelEndpointsOf(clients: () => Promise<EndpointClients>): ModelEndpoints {
  return {
    async list({ after, limit }) {
      const { sagemaker } = await clients();
      const answer = await aws('listing your endpoints', () =>
        sagemaker.send(
          new ListEndpointsCommand({
            MaxResults: limit,
            SortBy: 'Name',
            SortOrder: 'Ascending',
            ...(after === undefined ? {} : { NextToken: after }),
          }),
        ),
      );
      return {
        endpoints: (answer.Endpoints ?? []).map((endpoint) => ({
          name: endpoint.EndpointName ?? '',
          status: endpoint.EndpointStatus ?? 'unknown',
          changedAt: endpoint.LastModifiedTime ?? endpoint.CreationTime ?? new Date(0),
        })),
        next: answer.NextToken ?? null,
      };
    },
    async describe(endpointName) {
      const { sagemaker } = await clients();
      const endpoint = await endpointOrNull(sagemaker, endpointName);
      if (!endpoint) return null;
      const wanted = endpoint.ProductionVariants?.length ? null : await configOrNull(sagemaker, endpoint);
      return descriptionOf(endpointName, endpoint, wanted);
    },
    async deployed(endpointName) {
      const { sagemaker } = await clients();
      const endpoint = await endpointOrNull(sagemaker, endpointName);
      if (!endpoint) return null;
      const config = await configOrNull(sagemaker, endpoint);
      return {
        ...descriptionOf(endpointName, endpoint, config),
        deployment: deploymentOf(endpoint, config),
        pendingConfigName: endpoint.PendingDeploymentSummary?.EndpointConfigName ?? null,
      };
    },
    async deployAgain(EndpointName, { configName, configCreatedAt }) {
      const { sagemaker } = await clients();
      const config = await configOrNull(sagemaker, { EndpointConfigName: configName });
      if (!config || config.CreationTime?.getTime() !== configCreatedAt?.getTime()) {
        throw new AnnexError('not_found', `The configuration ${configName} was deleted or changed.`);
      }
      try {
        await aws('deploying the configuration again', () =>
          sagemaker.send(new UpdateEndpointCommand({ EndpointName, EndpointConfigName: configName })),
        );
      } catch (error) {
        if (!isAnnexError(error, 'invalid')) throw error;
        if (wasRetried(error) && (await isDeploying(sagemaker, EndpointName, configName))) return;
        throw new AnnexError('conflict', error.message, { cause: error });
      }
    },
    async invoke(request) {
      const { runtime, cloudWatch } = await clients();
      const { endpointName, inferenceId } = request;
      return invokeEndpoint(runtime, request, (outcome) =>
        recordOwnCall(cloudWatch, { endpointName, kind: ownCallKindOf(inferenceId), outcome }),
      );
    },
  };
}

const endpointOrNull = (sagemaker: SageMakerClient, EndpointName: string) =>
  orNull('reading the endpoint’s status', () =>
    sagemaker.send(new DescribeEndpointCommand({ EndpointName })),
  );

/** Whether the endpoint serves `configName`, or is being updated to it. */
async function isDeploying(sagemaker: SageMakerClient, endpointName: string, configName: string) {
  const endpoint = await endpointOrNull(sagemaker, endpointName);
  const pending = endpoint?.PendingDeploymentSummary?.EndpointConfigName;
  return (pending ?? endpoint?.EndpointConfigName) === configName;
}

/** The endpoint's configuration; null when it was deleted. */
async function configOrNull(
  sagemaker: SageMakerClient,
  { EndpointConfigName }: Pick<DescribeEndpointOutput, 'EndpointConfigName'>,
): Promise<DescribeEndpointConfigOutput | null> {
  if (!EndpointConfigName) return null;
  return orNull('reading the endpoint’s configuration', () =>
    sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName })),
  );
}

function descriptionOf(
  name: string,
  endpoint: DescribeEndpointOutput,
  config: DescribeEndpointConfigOutput | null,
): EndpointDescription {
  return {
    name: endpoint.EndpointName ?? name,
    status: endpoint.EndpointStatus ?? 'unknown',
    changedAt: endpoint.LastModifiedTime ?? endpoint.CreationTime ?? new Date(0),
    failureReason: endpoint.FailureReason ?? null,
    variants: variantsOf(endpoint, config),
  };
}

/** The variants that serve now. Before the endpoint serves, those in its configuration. */
function variantsOf(
  { ProductionVariants: serving }: DescribeEndpointOutput,
  config: DescribeEndpointConfigOutput | null,
): EndpointDescription['variants'] {
  if (serving?.length) {
    return serving.map(({ VariantName, CurrentInstanceCount, DesiredInstanceCount }) => ({
      name: VariantName ?? '',
      instances: CurrentInstanceCount ?? DesiredInstanceCount ?? 0,
    }));
  }
  return (config?.ProductionVariants ?? []).map(({ VariantName, InitialInstanceCount }) => ({
    name: VariantName ?? '',
    instances: InitialInstanceCount ?? 0,
  }));
}

/** Adding or removing instances does not change the deployment. A weight that becomes 0, or stops being 0, does. */
function deploymentOf(
  { EndpointConfigName, ProductionVariants = [] }: DescribeEndpointOutput,
  config: DescribeEndpointConfigOutput | null,
): Deployment {
  return {
    configName: EndpointConfigName ?? '',
    configCreatedAt: config?.CreationTime ?? null,
    variants: ProductionVariants.filter(({ CurrentWeight }) => CurrentWeight !== 0)
      .map(({ VariantName = '', DeployedImages: [image] = [] }) => ({
        name: VariantName,
        image: image?.ResolvedImage ?? image?.SpecifiedImage ?? '',
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

async function orNull<T>(doing: string, run: () => Promise<T>): Promise<T | null> {
  try {
    return await aws(doing, run);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
