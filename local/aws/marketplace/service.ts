import type { HttpService, RpcService, StandIn } from '../core/service';
import type { ModelPackages } from '../core/services';
import { Agreements } from './agreements';
import { getEntitlements } from './entitlements';
import { marketplaceHttp } from './http';
import { batchMeterUsage } from './metering';
import { addDemoProducts, productsOf } from './products';
import { resolveCustomer } from './registrations';

/** AWS Marketplace as the other stand-ins know it, with its pages and what trials ask. */
export interface Marketplace extends RpcService, ModelPackages {
  readonly http: HttpService;
}

/**
 * AWS Marketplace: its Metering Service and Entitlement Service, which sign by one name, for the products of the portal's account;
 * and a page on which people subscribe for a buyer's account. `portalUrl` has the page where buyers register.
 */
export function createMarketplace(
  standIn: StandIn,
  portalUrl: string,
  now: () => number = () => timeOf(standIn),
): Marketplace {
  const agreements = new Agreements(standIn, now);
  const packaged = async (arn: string) =>
    (await productsOf(standIn)).find(({ modelPackageArn }) => modelPackageArn === arn);
  return {
    name: 'aws-marketplace',
    protocol: 'json-1.1',
    operations: {
      ResolveCustomer: resolveCustomer(standIn, agreements, now),
      GetEntitlements: getEntitlements(standIn, agreements, now),
      BatchMeterUsage: batchMeterUsage(standIn, agreements, now),
    },
    http: marketplaceHttp({ standIn, agreements, portalUrl, now }),
    async modelPackage(arn) {
      const product = await packaged(arn);
      if (!product) return undefined;
      const { id, title, summary, contentTypes, instanceType, model, createdAt } = product;
      return { arn, productId: id, title, summary, contentTypes, instanceType, model, createdAt };
    },
    async isSubscribed(accountId, arn) {
      const product = await packaged(arn);
      return product !== undefined && (await agreements.active(accountId, product.id)) !== undefined;
    },
    async start() {
      await addDemoProducts(standIn);
      await agreements.start();
    },
  };
}

/** Ms since the epoch by AWS's clock, which a fault may have set ahead. */
const timeOf = ({ standing }: StandIn): number =>
  Date.now() + (Number(standing('clock', '*') ?? 0) || 0) * 1000;
