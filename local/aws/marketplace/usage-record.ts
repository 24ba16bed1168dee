import { AwsError, type Caller, type StandIn } from '../core/service';
import { optionalText, optionalWhole, structures } from '../wire/rpc-input';
import { type Agreement, type Agreements, endOf, graceMs, productWithCode } from './agreements';
import { knownProduct, type Product } from './products';

export type Input = Record<string, unknown>;

/** A usage record that has passed. */
export interface Usage {
  readonly agreement: Agreement;
  readonly dimension: string;
  /** The beginning of the hour that it counts for, ISO 8601. */
  readonly hour: string;
  readonly quantity: number;
  readonly allocations: readonly object[];
}

const hourMs = 3600_000;
const oldestMs = 6 * hourMs;
const maxQuantity = 2_147_483_647;
const maxAllocations = 2500;
const maxTags = 5;

/** The ValidationException for one member of a request. */
export const validation = (member: string, constraint: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${constraint}`,
  );

/**
 * Makes the check of one record of `BatchMeterUsage`, whose request names a product's code or not: what it says, or null when its
 * customer is not subscribed. It throws for a record that refuses the whole request.
 */
export function createChecker(standIn: StandIn, agreements: Agreements, now: () => number) {
  return async (caller: Caller, code: string | undefined, record: Input): Promise<Usage | null> => {
    const quantity = quantityOf(record);
    const allocations = allocationsOf(record, quantity);
    const at = timestampOf(record, now());
    const agreement =
      code === undefined
        ? await licensed(agreements, caller.accountId === standIn.portalAccountId, record)
        : await customer(agreements, await sold(standIn, caller, code), record);
    if (agreement === null) return null;
    const product = await knownProduct(standIn, agreement.productId);
    const dimension = dimensionOf(product, record);
    const end = endOf(agreement);
    if (end !== null && at > end + graceMs) {
      throw outOfBounds('The timestamp is later than an hour after the end of the agreement.');
    }
    if (end !== null && now() > end + graceMs) return null;
    return { agreement, dimension, hour: new Date(at - (at % hourMs)).toISOString(), quantity, allocations };
  };
}

async function licensed(agreements: Agreements, seller: boolean, record: Input): Promise<Agreement> {
  const arn = optionalText(record, 'LicenseArn');
  const accountId = optionalText(record, 'CustomerAWSAccountId');
  if (arn === undefined)
    throw new AwsError('InvalidLicenseException', 'LicenseArn must not be null without ProductCode.');
  if (optionalText(record, 'CustomerIdentifier')) {
    throw new AwsError(
      'InvalidCustomerIdentifierException',
      'CustomerIdentifier is not used with LicenseArn.',
    );
  }
  if (!accountId || !/^\d{12}$/.test(accountId)) {
    throw new AwsError('InvalidCustomerIdentifierException', 'CustomerAWSAccountId must be an account.');
  }
  const found = seller ? (await agreements.all()).find(({ licenseArn }) => licenseArn === arn) : undefined;
  if (found?.accountId === accountId) return found;
  throw new AwsError(
    'InvalidLicenseException',
    'LicenseArn is no licence of this customer on a product of yours.',
  );
}

async function sold(standIn: StandIn, caller: Caller, code: string): Promise<Product> {
  const product = caller.accountId === standIn.portalAccountId && (await productWithCode(standIn, code));
  if (product) return product;
  throw new AwsError('InvalidProductCodeException', 'ProductCode is the code of none of your products.');
}

/** The newest agreement of a customer who is known by the identifier or the account. */
async function customer(agreements: Agreements, product: Product, record: Input): Promise<Agreement | null> {
  if (optionalText(record, 'LicenseArn') !== undefined) {
    throw validation('productCode', 'Member must be absent where a record has LicenseArn');
  }
  const identifier = optionalText(record, 'CustomerIdentifier') || undefined;
  const accountId = optionalText(record, 'CustomerAWSAccountId');
  if ((identifier === undefined) === (accountId === undefined)) {
    throw new AwsError(
      'InvalidCustomerIdentifierException',
      'A record has either CustomerIdentifier or CustomerAWSAccountId.',
    );
  }
  const own = (await agreements.all()).filter(({ productId }) => productId === product.id);
  return (
    own.findLast((each) =>
      identifier === undefined ? each.accountId === accountId : each.customerIdentifier === identifier,
    ) ?? null
  );
}

function dimensionOf({ dimensions }: Product, record: Input): string {
  const name = optionalText(record, 'Dimension');
  const known = dimensions.find((each) => each.name === name && each.kind === 'metered');
  if (known) return known.name;
  throw new AwsError(
    'InvalidUsageDimensionException',
    `The product meters no dimension ${String(name).slice(0, 60)}.`,
  );
}

function timestampOf(record: Input, now: number): number {
  const seconds = record.Timestamp;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) {
    throw validation('usageRecords.timestamp', 'Member must not be null');
  }
  const at = Math.round(seconds * 1000);
  if (at > now) throw outOfBounds('The timestamp lies in the future.');
  if (at < now - oldestMs) throw outOfBounds('The timestamp is older than six hours.');
  return at;
}

const outOfBounds = (message: string): AwsError => new AwsError('TimestampOutOfBoundsException', message);

function quantityOf(record: Input): number {
  const quantity = optionalWhole(record, 'Quantity') ?? 0;
  if (quantity >= 0 && quantity <= maxQuantity) return quantity;
  throw validation('usageRecords.quantity', `Member must be from 0 to ${maxQuantity}`);
}

function allocationsOf(record: Input, quantity: number): readonly object[] {
  const allocations = structures(record, 'UsageAllocations');
  if (allocations.length === 0) return [];
  const refuse = (why: string) => new AwsError('InvalidUsageAllocationsException', why);
  if (allocations.length > maxAllocations)
    throw refuse(`A record has at most ${maxAllocations} allocations.`);
  let sum = 0;
  const seen = new Set<string>();
  for (const allocation of allocations) {
    const part = optionalWhole(allocation, 'AllocatedUsageQuantity');
    if (part === undefined || part < 0) throw refuse('AllocatedUsageQuantity must be a whole number from 0.');
    sum += part;
    const tags = structures(allocation, 'Tags').map((tag) => [
      optionalText(tag, 'Key'),
      optionalText(tag, 'Value'),
    ]);
    if (tags.length > maxTags)
      throw new AwsError('InvalidTagException', `An allocation has at most ${maxTags} tags.`);
    if (tags.some(([key, value]) => !key || value === undefined)) {
      throw new AwsError('InvalidTagException', 'A tag needs a key and a value.');
    }
    seen.add(JSON.stringify(tags.sort()));
  }
  if (seen.size < allocations.length) throw refuse('Two allocations have the same tags.');
  if (sum !== quantity) throw refuse(`The allocations are ${sum} together, and the quantity is ${quantity}.`);
  return allocations;
}
