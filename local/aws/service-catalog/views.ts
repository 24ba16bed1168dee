import { AwsError, type Operation, type StandIn } from '../core/service';
import { optionalText, structure, texts } from '../wire/rpc-input';
import { epochSeconds } from '../wire/rpc-page';
import { authorizedProduct, checkArtifactAndPath, pageOfInput } from './input';
import { type Product, type ProductParameter, products } from './products';

type Input = Record<string, unknown>;

/** Operations that read products. */
export function catalogReads(standIn: StandIn): Record<string, Operation> {
  return {
    async SearchProducts(input, caller) {
      standIn.authorize(caller, 'servicecatalog:SearchProducts', '*');
      const { items, next } = pageOfInput(searched(input), ({ id }) => id, input);
      return {
        ProductViewSummaries: items.map(viewSummary),
        ProductViewAggregations: aggregations(),
        NextPageToken: next,
      };
    },
    async DescribeProduct(input, caller) {
      const product = authorizedProduct(standIn, input, caller, 'DescribeProduct');
      return {
        ProductViewSummary: viewSummary(product),
        ProvisioningArtifacts: [artifactOf(product)],
        Budgets: [],
        LaunchPaths: [{ Id: product.path.id, Name: product.path.name }],
      };
    },
    async ListLaunchPaths(input, caller) {
      const { path } = authorizedProduct(standIn, input, caller, 'ListLaunchPaths');
      return { LaunchPathSummaries: [{ Id: path.id, Name: path.name, ConstraintSummaries: [], Tags: [] }] };
    },
    async ListProvisioningArtifacts(input, caller) {
      const product = authorizedProduct(standIn, input, caller, 'ListProvisioningArtifacts');
      const detail = { ...artifactOf(product), Type: 'CLOUD_FORMATION_TEMPLATE', Active: true };
      return { ProvisioningArtifactDetails: [detail] };
    },
    async DescribeProvisioningParameters(input, caller) {
      const product = authorizedProduct(standIn, input, caller, 'DescribeProvisioningParameters');
      checkArtifactAndPath(input, product);
      return {
        ProvisioningArtifactParameters: product.parameters.map(parameterView),
        ConstraintSummaries: [],
        UsageInstructions: [{ Type: 'metadata', Value: JSON.stringify(templateMetadata(product)) }],
        TagOptions: [],
        ProvisioningArtifactOutputs: [
          { Key: 'AccountId', Description: 'Id of the vended account' },
          { Key: 'AccountEmail', Description: 'Root e-mail address' },
        ],
      };
    },
  };
}

function searched(input: Input): readonly Product[] {
  const filters = structure(input, 'Filters');
  const sortBy = optionalText(input, 'SortBy') ?? 'Title';
  if (!['Title', 'VersionCount', 'CreationDate'].includes(sortBy)) {
    throw new AwsError('InvalidParametersException', `SortBy ${sortBy} is not supported.`);
  }
  const matches = Object.keys(filters).map((name) => matcher(name, texts(filters, name)));
  const found = products.filter((product) => matches.every((match) => match(product)));
  found.sort(
    (a, b) =>
      (sortBy === 'CreationDate' ? a.createdAt.localeCompare(b.createdAt) : 0) ||
      a.name.localeCompare(b.name),
  );
  return optionalText(input, 'SortOrder') === 'DESCENDING' ? found.reverse() : found;
}

function matcher(name: string, values: readonly string[]): (product: Product) => boolean {
  const any = (is: (value: string) => boolean): boolean => values.length === 0 || values.some(is);
  switch (name) {
    case 'FullTextSearch':
      return ({ name: title, owner, shortDescription }) => {
        const text = `${title} ${owner} ${shortDescription}`.toLowerCase();
        return any((value) => text.includes(value.toLowerCase()));
      };
    case 'Owner':
      return ({ owner }) => any((value) => value === owner);
    case 'ProductType':
      return () => any((value) => value === 'CLOUD_FORMATION_TEMPLATE');
    case 'SourceProductId':
      return () => any(() => false);
    default:
      throw new AwsError('InvalidParametersException', `Filter ${name} is not supported.`);
  }
}

function aggregations(): object {
  const owners = [...new Set(products.map(({ owner }) => owner))];
  return {
    Owner: owners.map((owner) => ({
      Value: owner,
      ApproximateCount: products.filter((product) => product.owner === owner).length,
    })),
    ProductType: [{ Value: 'CLOUD_FORMATION_TEMPLATE', ApproximateCount: products.length }],
  };
}

function viewSummary(product: Product): object {
  return {
    Id: product.viewId,
    ProductId: product.id,
    Name: product.name,
    Owner: product.owner,
    ShortDescription: product.shortDescription,
    Type: 'CLOUD_FORMATION_TEMPLATE',
    HasDefaultPath: true,
  };
}

function artifactOf({ artifact, createdAt }: Product): object {
  return {
    Id: artifact.id,
    Name: artifact.name,
    Description: artifact.description,
    CreatedTime: epochSeconds(createdAt),
    Guidance: 'DEFAULT',
  };
}

function parameterView(parameter: ProductParameter): object {
  return {
    ParameterKey: parameter.key,
    ParameterType: 'String',
    IsNoEcho: false,
    Description: parameter.description,
    DefaultValue: parameter.defaultValue,
    ParameterConstraints: {
      AllowedValues: parameter.allowedValues ?? [],
      AllowedPattern: parameter.allowedPattern,
      ConstraintDescription: parameter.constraintDescription,
      MinLength: parameter.minLength === undefined ? undefined : String(parameter.minLength),
      MaxLength: parameter.maxLength === undefined ? undefined : String(parameter.maxLength),
    },
  };
}

/** The template's `Metadata`, where CloudFormation keeps the labels of parameters. */
function templateMetadata({ parameters }: Product): object {
  const chosen = parameters.filter(({ defaultValue }) => defaultValue !== undefined);
  const filled = parameters.filter(({ defaultValue }) => defaultValue === undefined);
  const group = (label: string, members: readonly ProductParameter[]) => ({
    Label: { default: label },
    Parameters: members.map(({ key }) => key),
  });
  return {
    'AWS::CloudFormation::Interface': {
      ParameterGroups: [group('Workbench', chosen), group('Account', filled)],
      ParameterLabels: Object.fromEntries(parameters.map(({ key, label }) => [key, { default: label }])),
    },
  };
}
