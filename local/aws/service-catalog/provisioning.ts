import { createHash } from 'node:crypto';
import { createKeyedMutex } from '../core/keyed-mutex';
import { AwsError, type Caller, type StandIn } from '../core/service';
import { type Product, parameterFault } from './products';
import type { CatalogRecord, CatalogStore, ProvisionedProduct } from './store';
import { createVending } from './vending';

export interface ProvisionRequest {
  readonly product: Product;
  readonly name: string;
  readonly token: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: CatalogRecord['tags'];
}

/** The operations of Service Catalog that change products. */
export interface Provisioning {
  /** Starts to vend an account. The same token returns the same record. Throws InvalidParametersException. */
  provision(caller: Caller, request: ProvisionRequest): Promise<CatalogRecord>;
  /** Starts to remove a provisioned product. Its account, if any, leaves the organizational unit. */
  terminate(caller: Caller, product: ProvisionedProduct, token: string): Promise<CatalogRecord>;
  start(): Promise<void>;
}

const idOf = (prefix: string, ...parts: readonly string[]): string =>
  `${prefix}-${BigInt(`0x${createHash('sha256').update(parts.join('\n')).digest('hex')}`)
    .toString(36)
    .slice(0, 13)}`;

/** Creates the part of Service Catalog that makes changes. Calls of one account run one at a time. */
export function createProvisioning(standIn: StandIn, store: CatalogStore): Provisioning {
  const withLock = createKeyedMutex();
  const vending = createVending(standIn, store);

  async function provision(caller: Caller, request: ProvisionRequest): Promise<CatalogRecord> {
    const recordId = idOf('rec', caller.accountId, 'provision', request.token);
    const known = await store.record(recordId);
    if (known && !isSameRequest(known, request)) {
      throw new AwsError(
        'InvalidParametersException',
        'The idempotency token was used with other parameters.',
      );
    }
    if (known) return known;
    const fault = parameterFault(request.product, request.parameters);
    if (fault) throw new AwsError('InvalidParametersException', fault);
    const taken = await store.byName(caller.accountId, request.name);
    if (taken && taken.provisioningRecordId !== recordId) {
      // AWS documents DuplicateResourceException, but responds like this when the name is taken.
      throw new AwsError('InvalidParametersException', `A stack named ${request.name} already exists.`);
    }
    const record = newRecord(caller, recordId, request);
    await store.putProduct({
      id: record.provisionedProductId,
      name: request.name,
      ownerAccountId: caller.accountId,
      status: 'UNDER_CHANGE',
      statusMessage: null,
      provisioningRecordId: recordId,
      lastRecordId: recordId,
      createdAt: record.createdAt,
    });
    await store.putRecord(record);
    await vending.begin(record);
    return record;
  }

  async function terminate(
    caller: Caller,
    product: ProvisionedProduct,
    token: string,
  ): Promise<CatalogRecord> {
    const recordId = idOf('rec', caller.accountId, 'terminate', token);
    const known = await store.record(recordId);
    if (known) return known;
    if (product.status === 'UNDER_CHANGE') {
      throw new AwsError(
        'InvalidParametersException',
        `Provisioned product ${product.name} is under change.`,
      );
    }
    const provisioned = await store.record(product.provisioningRecordId);
    if (!provisioned)
      throw new AwsError('ResourceNotFoundException', `Record not found: ${product.provisioningRecordId}`);
    const record: CatalogRecord = {
      ...provisioned,
      ...ownership(caller),
      recordId,
      type: 'TERMINATE_PROVISIONED_PRODUCT',
      status: 'IN_PROGRESS',
      token,
      error: null,
      accountId: null,
      ...times(),
    };
    // The record is written first: after a stop in between, it causes the product to be removed.
    await store.putRecord(record);
    await store.putProduct({ ...product, status: 'UNDER_CHANGE', lastRecordId: recordId });
    await vending.begin(record);
    return record;
  }

  return {
    provision: (caller, request) => withLock(caller.accountId, () => provision(caller, request)),
    terminate: (caller, product, token) =>
      withLock(caller.accountId, () => terminate(caller, product, token)),
    start: vending.start,
  };
}

function newRecord(caller: Caller, recordId: string, request: ProvisionRequest): CatalogRecord {
  const { product, token } = request;
  return {
    ...ownership(caller),
    recordId,
    type: 'PROVISION_PRODUCT',
    status: 'CREATED',
    token,
    provisionedProductId: idOf('pp', caller.accountId, token),
    provisionedProductName: request.name,
    productId: product.id,
    artifactId: product.artifact.id,
    pathId: product.path.id,
    parameters: withDefaults(product, request.parameters),
    tags: request.tags,
    error: null,
    accountId: null,
    ...times(),
  };
}

function ownership(caller: Caller) {
  return { ownerAccountId: caller.accountId, ownerArn: caller.arn, ownerRoleArn: caller.roleArn };
}

function times() {
  const now = new Date().toISOString();
  return { createdAt: now, updatedAt: now };
}

function withDefaults(product: Product, given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    product.parameters.map(({ key, defaultValue }) => [key, given[key] ?? defaultValue ?? '']),
  );
}

function isSameRequest(record: CatalogRecord, { product, name, parameters }: ProvisionRequest): boolean {
  const wanted = withDefaults(product, parameters);
  return (
    record.provisionedProductName === name &&
    record.productId === product.id &&
    Object.entries(wanted).every(([key, value]) => record.parameters[key] === value)
  );
}
