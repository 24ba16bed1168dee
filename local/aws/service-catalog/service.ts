import { AwsError, type Operation, type RpcService, type StandIn } from '../core/service';
import { optionalText } from '../wire/rpc-input';
import { provisionedReads } from './history';
import { authorizedProduct, checkArtifactAndPath, neededText, parametersOf, tagsOf } from './input';
import { createProvisioning, type Provisioning } from './provisioning';
import { type CatalogStore, createCatalogStore, recordDetail } from './store';
import { catalogReads } from './views';

/**
 * Service Catalog with the workbenches as its products (target `AWS242ServiceCatalogService`). Provisioning a product
 * vends an account, like Control Tower's Account Factory.
 */
export function createServiceCatalog(standIn: StandIn): RpcService {
  const store = createCatalogStore(standIn);
  const provisioning = createProvisioning(standIn, store);
  return {
    name: 'servicecatalog',
    protocol: 'json-1.1',
    operations: {
      ...catalogReads(standIn),
      ...provisionedReads(standIn, store),
      ...changes(standIn, store, provisioning),
    },
    start: provisioning.start,
  };
}

const nameForm = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/;

function changes(
  standIn: StandIn,
  store: CatalogStore,
  provisioning: Provisioning,
): Record<string, Operation> {
  return {
    async ProvisionProduct(input, caller) {
      const product = authorizedProduct(standIn, input, caller, 'ProvisionProduct');
      checkArtifactAndPath(input, product);
      const name = neededText(input, 'ProvisionedProductName');
      if (!nameForm.test(name)) {
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value '${name}' at 'provisionedProductName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][a-zA-Z0-9._-]*`,
        );
      }
      const record = await provisioning.provision(caller, {
        product,
        name,
        token: neededText(input, 'ProvisionToken'),
        parameters: parametersOf(input),
        tags: tagsOf(input),
      });
      return { RecordDetail: recordDetail(record) };
    },
    async TerminateProvisionedProduct(input, caller) {
      standIn.authorize(caller, 'servicecatalog:TerminateProvisionedProduct', '*');
      const product = await store.find(caller.accountId, {
        id: optionalText(input, 'ProvisionedProductId'),
        name: optionalText(input, 'ProvisionedProductName'),
      });
      const record = await provisioning.terminate(caller, product, neededText(input, 'TerminateToken'));
      return { RecordDetail: recordDetail(record) };
    },
  };
}
