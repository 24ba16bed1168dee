import {
  type AppDetails,
  DeleteAppCommand,
  DeleteEndpointCommand,
  DescribeAppCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointConfigOutput,
  type DescribeEndpointOutput,
  type EndpointSummary,
  ListEndpointsCommand,
  type ProductionVariant,
  type ProductionVariantSummary,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import {
  mostListed,
  type RunningApp,
  type RunningEndpoint,
  type RunningResources,
  type RunningVariant,
} from '@/lib/domain/running/ports';
import { memoOne } from '@/lib/memo';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';
import { appInput, appPages, keyOf, listed, orMissing, pageSize, present } from './listing';

/**
 * What runs in the tenant's own account, with the tenant's role there. `accountId` throws `conflict` while the tenant has no
 * account.
 */
export function runningResources(tenantId: string, accountId: () => Promise<string>): RunningResources {
  // A tenant's account never changes.
  const account = memoOne(accountId);
  return runningResourcesOf(async () =>
    tenantClient(SageMakerClient, { kind: 'silo', tenantId, accountId: await account() }),
  );
}

/** What runs in the account that `client` can access. */
function runningResourcesOf(client: () => Promise<SageMakerClient>): RunningResources {
  return {
    async apps() {
      const sagemaker = await client();
      const { items, more } = await listed(
        appPages(sagemaker),
        ({ Status }) => Status !== 'Deleted' && Status !== 'Failed',
        mostListed,
      );
      return { items: await present(items, (app) => describedApp(sagemaker, app)), more };
    },
    async endpoints() {
      const sagemaker = await client();
      const { items, more } = await listed(
        (NextToken) =>
          aws('listing your endpoints', async () => {
            const { Endpoints = [], NextToken: next } = await sagemaker.send(
              new ListEndpointsCommand({
                MaxResults: pageSize,
                SortBy: 'CreationTime',
                SortOrder: 'Descending',
                NextToken,
              }),
            );
            return { found: Endpoints, next };
          }),
        // An endpoint that failed has no instances.
        ({ EndpointStatus }) => EndpointStatus !== 'Failed',
        mostListed,
      );
      return { items: await present(items, (endpoint) => describedEndpoint(sagemaker, endpoint)), more };
    },
    async stopApp(key) {
      const sagemaker = await client();
      return asked('stopping the app', () => sagemaker.send(new DeleteAppCommand(appInput(key))));
    },
    async stopEndpoint(EndpointName) {
      const sagemaker = await client();
      return asked('stopping the endpoint', () =>
        sagemaker.send(new DeleteEndpointCommand({ EndpointName })),
      );
    },
  };
}

/** The app as the list had it, with when it was last used; null: it is gone. */
async function describedApp(sagemaker: SageMakerClient, listedApp: AppDetails): Promise<RunningApp | null> {
  const key = keyOf(listedApp);
  const app = await orMissing('reading an app of your account', () =>
    sagemaker.send(new DescribeAppCommand(appInput(key))),
  );
  if (app === null || app.Status === 'Deleted' || app.Status === 'Failed') return null;
  return {
    ...key,
    status: app.Status ?? listedApp.Status ?? 'unknown',
    instanceType: app.ResourceSpec?.InstanceType ?? listedApp.ResourceSpec?.InstanceType ?? null,
    since: app.CreationTime ?? listedApp.CreationTime ?? null,
    activeAt: app.LastUserActivityTimestamp ?? null,
  };
}

/** The endpoint with its instances; null: it is gone. */
async function describedEndpoint(
  sagemaker: SageMakerClient,
  { EndpointName }: EndpointSummary,
): Promise<RunningEndpoint | null> {
  const endpoint = await orMissing('reading an endpoint', () =>
    sagemaker.send(new DescribeEndpointCommand({ EndpointName })),
  );
  if (endpoint === null || endpoint.EndpointStatus === 'Failed') return null;
  const { EndpointConfigName } = endpoint;
  const config = EndpointConfigName
    ? await orMissing('reading an endpoint’s configuration', () =>
        sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName })),
      )
    : null;
  return {
    name: endpoint.EndpointName ?? EndpointName ?? '',
    status: endpoint.EndpointStatus ?? 'unknown',
    since: endpoint.CreationTime ?? null,
    variants: variantsOf(endpoint, config),
  };
}

/** The variants that serve now, those in the shadow too. Before the endpoint serves, those that its configuration wants. */
function variantsOf(
  endpoint: DescribeEndpointOutput,
  config: DescribeEndpointConfigOutput | null,
): readonly RunningVariant[] {
  const wanted = [...(config?.ProductionVariants ?? []), ...(config?.ShadowProductionVariants ?? [])];
  const serving = [...(endpoint.ProductionVariants ?? []), ...(endpoint.ShadowProductionVariants ?? [])];
  if (serving.length === 0) return wanted.map((one) => variantOf(one.VariantName, one, undefined));
  return serving.map((one) =>
    variantOf(
      one.VariantName,
      wanted.find(({ VariantName }) => VariantName === one.VariantName),
      one,
    ),
  );
}

const variantOf = (
  name: string | undefined,
  wanted: ProductionVariant | undefined,
  serving: ProductionVariantSummary | undefined,
): RunningVariant => ({
  name: name ?? '',
  instanceType: wanted?.InstanceType ?? null,
  instances:
    serving?.CurrentInstanceCount ?? serving?.DesiredInstanceCount ?? wanted?.InitialInstanceCount ?? 0,
  serverless: wanted?.ServerlessConfig !== undefined || serving?.CurrentServerlessConfig !== undefined,
});

/** Whether AWS took the order; false: what it is about is gone. */
const asked = async (doing: string, run: () => Promise<unknown>): Promise<boolean> =>
  (await orMissing(doing, async () => ({ answer: await run() }))) !== null;
