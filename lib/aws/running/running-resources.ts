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
  ListAppsCommand,
  ListEndpointsCommand,
  type ProductionVariant,
  type ProductionVariantSummary,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import {
  type AppKey,
  mostListed,
  type RunningApp,
  type RunningEndpoint,
  type RunningList,
  type RunningResources,
  type RunningVariant,
} from '@/lib/domain/running/ports';
import { memoOne } from '@/lib/memo';
import { tenantClient } from '../core/clients';
import { aws, isMissing } from '../core/errors';

/** SageMaker lists apps for a day after they were deleted, so more pages are read than apps are told. */
const mostPages = 10;
const pageSize = 100;
/** SageMaker throttles calls that describe: as many at a time are enough for a page. */
const atOnce = 5;

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
export function runningResourcesOf(client: () => Promise<SageMakerClient>): RunningResources {
  return {
    async apps() {
      const sagemaker = await client();
      const { items, more } = await listed(
        (NextToken) =>
          aws('listing the apps of your account', async () => {
            const { Apps = [], NextToken: next } = await sagemaker.send(
              new ListAppsCommand({
                MaxResults: pageSize,
                SortBy: 'CreationTime',
                SortOrder: 'Descending',
                NextToken,
              }),
            );
            return { found: Apps, next };
          }),
        ({ Status }) => Status !== 'Deleted' && Status !== 'Failed',
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

/** The first `mostListed` that are `wanted`, of at most `mostPages` pages. */
async function listed<T>(
  page: (token: string | undefined) => Promise<{ found: readonly T[]; next: string | undefined }>,
  wanted: (one: T) => boolean,
): Promise<RunningList<T>> {
  const items: T[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { found, next } = await page(token);
    items.push(...found.filter(wanted));
    if (items.length > mostListed) return { items: items.slice(0, mostListed), more: true };
    if (next === undefined) return { items, more: false };
    token = next;
  }
  return { items, more: true };
}

/** What `read` tells of each, a few at a time, without those that are gone meanwhile. */
async function present<T, D>(
  items: readonly T[],
  read: (one: T) => Promise<D | null>,
): Promise<readonly D[]> {
  const described = new Array<D | null>(items.length).fill(null);
  const rest = [...items.entries()];
  const work = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) described[next[0]] = await read(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return described.filter((one) => one !== null);
}

const keyOf = (app: AppDetails): AppKey => ({
  domainId: app.DomainId ?? '',
  owner:
    app.SpaceName === undefined
      ? { kind: 'profile', name: app.UserProfileName ?? '' }
      : { kind: 'space', name: app.SpaceName },
  type: app.AppType ?? '',
  name: app.AppName ?? '',
});

/** The form of a key that SageMaker takes. The type is the account's own word: SageMaker refuses one that it does not know. */
const appInput = ({ domainId, owner, type, name }: AppKey) => ({
  DomainId: domainId,
  ...(owner.kind === 'space' ? { SpaceName: owner.name } : { UserProfileName: owner.name }),
  AppType: type as AppDetails['AppType'],
  AppName: name,
});

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

async function orMissing<T>(doing: string, run: () => Promise<T>): Promise<T | null> {
  try {
    return await aws(doing, run);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
