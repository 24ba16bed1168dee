import {
  DescribeProductCommand,
  DescribeProvisioningParametersCommand,
  type ProductViewSummary,
  type ProvisioningArtifactParameter,
  paginateSearchProducts,
  type SearchProductsInput,
  ServiceCatalogClient,
} from '@aws-sdk/client-service-catalog';
import { z } from 'zod';
import type { VariantParameter, WorkbenchCatalog, WorkbenchVariant } from '@/lib/domain/workbench/ports';
import { usualOf } from '@/lib/domain/workbench/usual';
import { memoOne } from '@/lib/memo';
import { portalClient } from '../core/clients';
import { aws } from '../core/errors';
import { workbenchStandings } from './open-workbench-index';

/** Owner of our products in Service Catalog. */
const owner = 'annex';

/** The parameters that Annex fills in itself, for its own template and for Control Tower's Account Factory. */
const filledParameters = [
  'AccountName',
  'AccountEmail',
  'ManagedOrganizationalUnit',
  'TenantId',
  'ExternalId',
  'SSOUserEmail',
  'SSOUserFirstName',
  'SSOUserLastName',
] as const;

const filled: ReadonlySet<string> = new Set(filledParameters);

interface CatalogEntry {
  readonly variant: WorkbenchVariant;
  /** All parameters of the template, including those that Annex fills in. */
  readonly keys: ReadonlySet<string>;
}

// Service Catalog allows few calls per second, and its products change a few times per year.
const keptMs = 60_000;

/** The available workbenches. Asks Service Catalog at most once per minute, with the portal's own role. */
export function workbenchCatalog(): WorkbenchCatalog {
  return {
    variants: async () => (await catalogEntries()).map(({ variant }) => variant),
    usual: usualDurations,
  };
}

/** Of the latest set-ups. Read at most every five minutes. */
const usualDurations = memoOne(
  async () => {
    const latest = { state: 'ready', limit: 50, latestFirst: true } as const;
    return usualOf((await workbenchStandings().list(latest)).standings);
  },
  () => Date.now() + 5 * keptMs,
);

/** The available workbenches with the parameters of their templates. Failures are not remembered. */
export const catalogEntries = memoOne(
  () => aws('reading the workbench catalogue', read),
  () => Date.now() + keptMs,
);

async function read(): Promise<readonly CatalogEntry[]> {
  const client = portalClient(ServiceCatalogClient);
  const products: ProductViewSummary[] = [];
  // The order in which the products were created, oldest first, is the order on the page.
  const search: SearchProductsInput = {
    Filters: { Owner: [owner] },
    SortBy: 'CreationDate',
    SortOrder: 'ASCENDING',
  };
  for await (const page of paginateSearchProducts({ client }, search)) {
    products.push(...(page.ProductViewSummaries ?? []));
  }
  const entries = await Promise.all(products.map((product) => entryOf(client, product)));
  return entries.filter((entry) => entry !== null);
}

async function entryOf(
  client: ServiceCatalogClient,
  product: ProductViewSummary,
): Promise<CatalogEntry | null> {
  const { ProductId: id, Name: name } = product;
  if (!id || !name) return null;
  const { ProvisioningArtifacts = [], LaunchPaths = [] } = await client.send(
    new DescribeProductCommand({ Id: id }),
  );
  const newest = ProvisioningArtifacts.filter(({ Guidance }) => Guidance !== 'DEPRECATED')
    .sort((a, b) => (a.CreatedTime?.getTime() ?? 0) - (b.CreatedTime?.getTime() ?? 0))
    .at(-1);
  if (!newest?.Id) return null;
  const answer = await client.send(
    new DescribeProvisioningParametersCommand({
      ProductId: id,
      ProvisioningArtifactId: newest.Id,
      PathId: LaunchPaths[0]?.Id,
    }),
  );
  const parameters = answer.ProvisioningArtifactParameters ?? [];
  const labels = labelsOf(answer.UsageInstructions?.find(({ Type }) => Type === 'metadata')?.Value);
  return {
    keys: new Set(parameters.flatMap(({ ParameterKey }) => ParameterKey ?? [])),
    variant: {
      id,
      artifactId: newest.Id,
      name,
      description: product.ShortDescription ?? '',
      parameters: parameters.flatMap((parameter) => chosenParameter(parameter, labels)),
    },
  };
}

function chosenParameter(parameter: ProvisioningArtifactParameter, labels: Labels): VariantParameter[] {
  const { ParameterKey: key } = parameter;
  if (!key || filled.has(key)) return [];
  return [
    {
      key,
      label: labels[key]?.default ?? words(key),
      description: parameter.Description ?? '',
      defaultValue: parameter.DefaultValue ?? '',
      allowedValues: parameter.ParameterConstraints?.AllowedValues ?? [],
    },
  ];
}

const metadata = z.object({
  'AWS::CloudFormation::Interface': z.object({
    ParameterLabels: z.record(z.string(), z.object({ default: z.string() })),
  }),
});

type Labels = z.output<typeof metadata>['AWS::CloudFormation::Interface']['ParameterLabels'];

/** The labels in the template's `Metadata`, which Service Catalog returns as text; empty without it. */
function labelsOf(text: string | undefined): Labels {
  try {
    return metadata.parse(JSON.parse(text ?? ''))['AWS::CloudFormation::Interface'].ParameterLabels;
  } catch {
    return {};
  }
}

/** `IdleTimeoutMinutes` as `Idle timeout minutes`. */
function words(key: string): string {
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
