import { AwsError, type Caller, type StandIn } from '../core/service';
import { optionalText, optionalWhole, structures } from '../wire/rpc-input';
import { type Page, pageOf } from '../wire/rpc-page';
import { type Product, products } from './products';
import type { CatalogRecord } from './store';

type Input = Record<string, unknown>;

const invalid = (message: string): AwsError => new AwsError('InvalidParametersException', message);

/** A required member. Throws ValidationException when it is missing. */
export function neededText(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value !== undefined && value !== '') return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/**
 * The product in `ProductId` or `ProductName` (`Id` or `Name`), if the caller may do `action` on it. Throws
 * AccessDeniedException, InvalidParametersException, ResourceNotFoundException.
 */
export function authorizedProduct(standIn: StandIn, input: Input, caller: Caller, action: string): Product {
  const id = optionalText(input, 'ProductId') ?? optionalText(input, 'Id');
  const name = optionalText(input, 'ProductName') ?? optionalText(input, 'Name');
  const product = products.find((each) => (id === undefined ? each.name === name : each.id === id));
  const arn = `arn:aws:catalog:${standIn.region}:${standIn.portalAccountId}:product/${product?.id ?? id ?? '*'}`;
  standIn.authorize(caller, `servicecatalog:${action}`, arn);
  if ((id === undefined) === (name === undefined))
    throw invalid('Give either the id or the name of a product.');
  if (!product) throw new AwsError('ResourceNotFoundException', `Product not found: ${id ?? name}`);
  return product;
}

/** Throws unless the artifact and the path in the input belong to `product`. */
export function checkArtifactAndPath(input: Input, product: Product): void {
  const artifactId = optionalText(input, 'ProvisioningArtifactId');
  const artifactName = optionalText(input, 'ProvisioningArtifactName');
  if ((artifactId ?? artifactName) === undefined)
    throw invalid('Give the id or the name of a provisioning artifact.');
  if (
    (artifactId ?? product.artifact.id) !== product.artifact.id ||
    (artifactName ?? product.artifact.name) !== product.artifact.name
  ) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Provisioning artifact not found: ${artifactId ?? artifactName}`,
    );
  }
  const pathId = optionalText(input, 'PathId') ?? product.path.id;
  const pathName = optionalText(input, 'PathName') ?? product.path.name;
  if (pathId !== product.path.id || pathName !== product.path.name) {
    throw new AwsError('ResourceNotFoundException', `Launch path not found: ${pathId}`);
  }
}

/** `ProvisioningParameters` as a map. Throws InvalidParametersException when a key is repeated. */
export function parametersOf(input: Input): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const parameter of structures(input, 'ProvisioningParameters')) {
    const key = neededText(parameter, 'Key');
    if (Object.hasOwn(values, key)) throw invalid(`Parameter ${key} is given twice.`);
    values[key] = optionalText(parameter, 'Value') ?? '';
  }
  return values;
}

/** `Tags` of the input. */
export function tagsOf(input: Input): CatalogRecord['tags'] {
  return structures(input, 'Tags').map((tag) => ({
    Key: neededText(tag, 'Key'),
    Value: optionalText(tag, 'Value') ?? '',
  }));
}

/** Whether `AccessLevelFilter` selects the record. By default it selects what the caller provisioned. */
export function isVisible(filter: Input, caller: Caller, record: CatalogRecord | undefined): boolean {
  const level = optionalText(filter, 'Key') ?? 'User';
  const value = optionalText(filter, 'Value') ?? 'self';
  if (level === 'Account') return value === 'self' || value === caller.accountId;
  if (level !== 'User' && level !== 'Role')
    throw invalid(`AccessLevelFilter key ${level} is not one of [Account, Role, User]`);
  const self = record?.ownerRoleArn === caller.roleArn;
  return value === 'self' ? self : value === record?.ownerRoleArn || value === record?.ownerArn;
}

/** The page of `all` that `PageSize` (1 to 100, default 20) and `PageToken` request. */
export function pageOfInput<T>(all: readonly T[], keyOf: (item: T) => string, input: Input): Page<T> {
  const size = optionalWhole(input, 'PageSize') ?? 20;
  if (size < 1 || size > 100) throw invalid('PageSize must be between 1 and 100.');
  return pageOf(all, keyOf, optionalText(input, 'PageToken'), size, () => invalid('Invalid page token.'));
}
