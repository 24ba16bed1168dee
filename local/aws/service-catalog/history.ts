import { AwsError, type Caller, type Operation, type StandIn } from '../core/service';
import { optionalText, structure, texts } from '../wire/rpc-input';
import { isVisible, neededText, pageOfInput } from './input';
import { products } from './products';
import {
  type CatalogRecord,
  type CatalogStore,
  type ProvisionedProduct,
  productDetail,
  recordDetail,
  recordOutputs,
} from './store';

type Input = Record<string, unknown>;

interface Entry {
  readonly product: ProvisionedProduct;
  /** The record that provisioned it. */
  readonly record: CatalogRecord | undefined;
}

/** Operations that read records and provisioned products. */
export function provisionedReads(standIn: StandIn, store: CatalogStore): Record<string, Operation> {
  return {
    async DescribeRecord(input, caller) {
      standIn.authorize(caller, 'servicecatalog:DescribeRecord', '*');
      const id = neededText(input, 'Id');
      const record = await store.record(id);
      if (record?.ownerAccountId !== caller.accountId) {
        throw new AwsError('ResourceNotFoundException', `Record not found: ${id}`);
      }
      return { RecordDetail: recordDetail(record), RecordOutputs: recordOutputs(record) };
    },
    async DescribeProvisionedProduct(input, caller) {
      standIn.authorize(caller, 'servicecatalog:DescribeProvisionedProduct', '*');
      const by = { id: optionalText(input, 'Id'), name: optionalText(input, 'Name') };
      const product = await store.find(caller.accountId, by);
      const record = await store.record(product.provisioningRecordId);
      return { ProvisionedProductDetail: productDetail(standIn, product, record), CloudWatchDashboards: [] };
    },
    async ScanProvisionedProducts(input, caller) {
      standIn.authorize(caller, 'servicecatalog:ScanProvisionedProducts', '*');
      const entries = await visibleEntries(store, structure(input, 'AccessLevelFilter'), caller);
      const { items, next } = pageOfInput(entries, ({ product }) => product.id, input);
      return {
        ProvisionedProducts: items.map(({ product, record }) => productDetail(standIn, product, record)),
        NextPageToken: next,
      };
    },
    async SearchProvisionedProducts(input, caller) {
      standIn.authorize(caller, 'servicecatalog:SearchProvisionedProducts', '*');
      const query = queryOf(input);
      const visible = await visibleEntries(store, structure(input, 'AccessLevelFilter'), caller);
      const entries = visible.filter((entry) => query.every((matches) => matches(entry)));
      const { items, next } = pageOfInput(entries, ({ product }) => product.id, input);
      return {
        ProvisionedProducts: items.map((entry) => attributes(standIn, entry)),
        TotalResultsCount: entries.length,
        NextPageToken: next,
      };
    },
    async ListRecordHistory(input, caller) {
      standIn.authorize(caller, 'servicecatalog:ListRecordHistory', '*');
      const matches = historyFilter(structure(input, 'SearchFilter'));
      const access = structure(input, 'AccessLevelFilter');
      const records = (await store.records(caller.accountId)).filter(
        (record) => isVisible(access, caller, record) && matches(record),
      );
      const { items, next } = pageOfInput(records, ({ recordId }) => recordId, input);
      return { RecordDetails: items.map(recordDetail), NextPageToken: next };
    },
  };
}

async function visibleEntries(store: CatalogStore, access: Input, caller: Caller): Promise<readonly Entry[]> {
  const all = await store.products(caller.accountId);
  const entries = await Promise.all(
    all.map(async (product) => ({ product, record: await store.record(product.provisioningRecordId) })),
  );
  return entries.filter(({ record }) => isVisible(access, caller, record));
}

function attributes(standIn: StandIn, { product, record }: Entry): object {
  return {
    ...productDetail(standIn, product, record),
    Tags: record?.tags,
    PhysicalId: record?.accountId ?? undefined,
    ProductName: products.find(({ id }) => id === record?.productId)?.name,
    UserArn: record?.ownerRoleArn,
    UserArnSession: record?.ownerArn,
  };
}

/**
 * `Filters.SearchQuery`: words separated by spaces. Each is `field:value` (`*` matches any text) or a part of any
 * field.
 */
function queryOf(input: Input): readonly ((entry: Entry) => boolean)[] {
  const words = texts(structure(input, 'Filters'), 'SearchQuery').flatMap((query) =>
    query.split(/\s+/).filter(Boolean),
  );
  return words.map((word) => {
    const colon = word.indexOf(':');
    if (colon < 0)
      return (entry: Entry) => Object.values(fieldsOf(entry)).some((value) => value.includes(word));
    const field = word.slice(0, colon);
    const pattern = new RegExp(
      `^${word
        .slice(colon + 1)
        .split('*')
        .map(escaped)
        .join('.*')}$`,
      'i',
    );
    return (entry: Entry) => {
      const value = fieldsOf(entry)[field];
      if (value === undefined)
        throw new AwsError('InvalidParametersException', `Search field ${field} is not supported.`);
      return pattern.test(value);
    };
  });
}

function fieldsOf({ product, record }: Entry): Readonly<Record<string, string>> {
  return {
    id: product.id,
    name: product.name,
    status: product.status,
    idempotencyToken: record?.token ?? '',
    lastRecordId: product.lastRecordId,
    physicalId: record?.accountId ?? '',
    productId: record?.productId ?? '',
    productName: products.find(({ id }) => id === record?.productId)?.name ?? '',
    provisioningArtifactId: record?.artifactId ?? '',
    userArn: record?.ownerRoleArn ?? '',
  };
}

const escaped = (text: string): string => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');

function historyFilter(filter: Input): (record: CatalogRecord) => boolean {
  const key = optionalText(filter, 'Key');
  const value = optionalText(filter, 'Value');
  if (key === undefined) return () => true;
  if (key === 'product') return ({ productId }) => productId === value;
  if (key === 'provisionedproduct') return ({ provisionedProductId }) => provisionedProductId === value;
  throw new AwsError(
    'InvalidParametersException',
    `SearchFilter key ${key} is not one of [product, provisionedproduct]`,
  );
}
