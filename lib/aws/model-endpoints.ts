import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointOutput,
  ListEndpointsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { EndpointDescription, ModelEndpoints } from '../domain/models/ports';
import { isAnnexError } from '../errors';
import { tenantClient } from './clients';
import { aws } from './errors';
import { invokeEndpoint, OneTryRuntimeClient } from './invoke-endpoint';

/** The two clients of an account's endpoints. */
export interface EndpointClients {
  readonly sagemaker: SageMakerClient;
  readonly runtime: OneTryRuntimeClient;
}

/**
 * The endpoints of the tenant's own account, with the tenant's role there. `accountId` throws `conflict` while there is no
 * account.
 */
export function modelEndpoints(tenantId: string, accountId: () => Promise<string>): ModelEndpoints {
  // An account stays the tenant's for good.
  let account: string | undefined;
  return modelEndpointsOf(async () => {
    account ??= await accountId();
    const scope = { kind: 'silo', tenantId, accountId: account } as const;
    return {
      sagemaker: tenantClient(SageMakerClient, scope),
      runtime: tenantClient(OneTryRuntimeClient, scope),
    };
  });
}

/** The endpoints that `clients` reach. */
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
      const endpoint = await orNull('looking at the endpoint', () =>
        sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName })),
      );
      return endpoint ? descriptionOf(endpointName, endpoint, await variantsOf(sagemaker, endpoint)) : null;
    },
    invoke: async (request) => invokeEndpoint((await clients()).runtime, request),
  };
}

function descriptionOf(
  name: string,
  endpoint: DescribeEndpointOutput,
  variants: EndpointDescription['variants'],
): EndpointDescription {
  return {
    name: endpoint.EndpointName ?? name,
    status: endpoint.EndpointStatus ?? 'unknown',
    changedAt: endpoint.LastModifiedTime ?? endpoint.CreationTime ?? new Date(0),
    failureReason: endpoint.FailureReason ?? null,
    variants,
  };
}

/** What serves now; of an endpoint that does not serve yet, what its configuration asks for. */
async function variantsOf(
  sagemaker: SageMakerClient,
  { ProductionVariants: serving, EndpointConfigName: config }: DescribeEndpointOutput,
): Promise<EndpointDescription['variants']> {
  if (serving?.length) {
    return serving.map(({ VariantName, CurrentInstanceCount, DesiredInstanceCount }) => ({
      name: VariantName ?? '',
      instances: CurrentInstanceCount ?? DesiredInstanceCount ?? 0,
    }));
  }
  if (!config) return [];
  const wanted = await orNull('looking at the endpoint’s configuration', () =>
    sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: config })),
  );
  return (wanted?.ProductionVariants ?? []).map(({ VariantName, InitialInstanceCount }) => ({
    name: VariantName ?? '',
    instances: InitialInstanceCount ?? 0,
  }));
}

/** SageMaker says `ValidationException` of what is not there, and tells it from other mistakes by its words alone. */
const missing = /could not find|not found|does not exist/i;

async function orNull<T>(doing: string, run: () => Promise<T>): Promise<T | null> {
  try {
    return await aws(doing, run);
  } catch (error) {
    if (isAnnexError(error, 'not_found')) return null;
    if (isAnnexError(error, 'invalid') && missing.test(error.message)) return null;
    throw error;
  }
}
