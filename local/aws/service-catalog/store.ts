import { AwsError, type StandIn } from '../core/service';
import { epochSeconds } from '../wire/rpc-page';

/** One operation of Service Catalog on a provisioned product. */
export interface CatalogRecord {
  readonly recordId: string;
  readonly type: 'PROVISION_PRODUCT' | 'TERMINATE_PROVISIONED_PRODUCT';
  readonly status: 'CREATED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  readonly ownerAccountId: string;
  readonly ownerArn: string;
  readonly ownerRoleArn: string;
  readonly token: string;
  readonly provisionedProductId: string;
  readonly provisionedProductName: string;
  readonly productId: string;
  readonly artifactId: string;
  readonly pathId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly error: { readonly code: string; readonly description: string } | null;
  readonly accountId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ProvisionedProduct {
  readonly id: string;
  readonly name: string;
  readonly ownerAccountId: string;
  readonly status: 'UNDER_CHANGE' | 'AVAILABLE' | 'ERROR';
  readonly statusMessage: string | null;
  readonly provisioningRecordId: string;
  readonly lastRecordId: string;
  readonly createdAt: string;
}

const recordsCollection = 'servicecatalog.records';
const productsCollection = 'servicecatalog.provisioned-products';

/** Service Catalog's records and provisioned products. Within an account, a name belongs to one product at a time. */
export interface CatalogStore {
  record(recordId: string): Promise<CatalogRecord | undefined>;
  putRecord(record: CatalogRecord): Promise<void>;
  /** The account's records, newest first. */
  records(ownerAccountId: string): Promise<readonly CatalogRecord[]>;
  /** Records of all accounts whose work has not begun. */
  untouched(): Promise<readonly CatalogRecord[]>;
  byName(ownerAccountId: string, name: string): Promise<ProvisionedProduct | undefined>;
  putProduct(product: ProvisionedProduct): Promise<void>;
  deleteProduct(product: ProvisionedProduct): Promise<void>;
  /** The account's products, by name. */
  products(ownerAccountId: string): Promise<readonly ProvisionedProduct[]>;
  /** By id or by name. Throws ResourceNotFoundException, or InvalidParametersException without either. */
  find(
    ownerAccountId: string,
    by: { readonly id?: string | undefined; readonly name?: string | undefined },
  ): Promise<ProvisionedProduct>;
}

/** Creates the store on the stand-in's state. */
export function createCatalogStore({ state }: StandIn): CatalogStore {
  const products = async (owner: string): Promise<readonly ProvisionedProduct[]> =>
    (await state.list<ProvisionedProduct>(productsCollection, { prefix: `${owner}/` })).map(
      ([, product]) => product,
    );

  return {
    record: (recordId) => state.get<CatalogRecord>(recordsCollection, recordId),
    putRecord: (record) =>
      state.put(recordsCollection, record.recordId, { ...record, updatedAt: new Date().toISOString() }),
    async records(owner) {
      const all = (await state.list<CatalogRecord>(recordsCollection)).map(([, record]) => record);
      return all
        .filter((record) => record.ownerAccountId === owner)
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.recordId.localeCompare(a.recordId));
    },
    async untouched() {
      const all = (await state.list<CatalogRecord>(recordsCollection)).map(([, record]) => record);
      return all.filter(({ type, status }) =>
        type === 'PROVISION_PRODUCT' ? status === 'CREATED' : status === 'IN_PROGRESS',
      );
    },
    byName: (owner, name) => state.get<ProvisionedProduct>(productsCollection, `${owner}/${name}`),
    putProduct: (product) =>
      state.put(productsCollection, `${product.ownerAccountId}/${product.name}`, product),
    deleteProduct: (product) => state.delete(productsCollection, `${product.ownerAccountId}/${product.name}`),
    products,
    async find(owner, { id, name }) {
      if ((id === undefined) === (name === undefined)) {
        throw new AwsError(
          'InvalidParametersException',
          'Give either the id or the name of a provisioned product.',
        );
      }
      const found = (await products(owner)).find((product) => product.id === id || product.name === name);
      if (found) return found;
      throw new AwsError('ResourceNotFoundException', `Provisioned product not found: ${id ?? name}`);
    },
  };
}

/** `RecordDetail` of the Service Catalog API. */
export function recordDetail(record: CatalogRecord): object {
  return {
    RecordId: record.recordId,
    ProvisionedProductName: record.provisionedProductName,
    ProvisionedProductId: record.provisionedProductId,
    ProvisionedProductType: 'CONTROL_TOWER_ACCOUNT',
    Status: record.status,
    RecordType: record.type,
    CreatedTime: epochSeconds(record.createdAt),
    UpdatedTime: epochSeconds(record.updatedAt),
    ProductId: record.productId,
    ProvisioningArtifactId: record.artifactId,
    PathId: record.pathId,
    RecordErrors: record.error ? [{ Code: record.error.code, Description: record.error.description }] : [],
    RecordTags: record.tags,
  };
}

/** `RecordOutputs` of a record: the outputs of the product. */
export function recordOutputs(record: CatalogRecord): readonly object[] {
  if (record.status !== 'SUCCEEDED' || record.accountId === null) return [];
  return [
    { OutputKey: 'AccountId', OutputValue: record.accountId, Description: 'Id of the vended account' },
    {
      OutputKey: 'AccountEmail',
      OutputValue: record.parameters.AccountEmail,
      Description: 'Root e-mail address',
    },
  ];
}

/** `ProvisionedProductDetail` of the Service Catalog API. */
export function productDetail(
  standIn: StandIn,
  product: ProvisionedProduct,
  record: CatalogRecord | undefined,
): object {
  return {
    Id: product.id,
    Name: product.name,
    Arn: `arn:aws:servicecatalog:${standIn.region}:${product.ownerAccountId}:stack/${product.name}/${product.id}`,
    Type: 'CONTROL_TOWER_ACCOUNT',
    Status: product.status,
    ...(product.statusMessage === null ? {} : { StatusMessage: product.statusMessage }),
    CreatedTime: epochSeconds(product.createdAt),
    IdempotencyToken: record?.token,
    LastRecordId: product.lastRecordId,
    LastProvisioningRecordId: product.provisioningRecordId,
    ...(record?.status === 'SUCCEEDED' ? { LastSuccessfulProvisioningRecordId: record.recordId } : {}),
    ProductId: record?.productId,
    ProvisioningArtifactId: record?.artifactId,
  };
}
