import { tenantVerb } from '@/lib/domain/verb';
import { productPageOf } from '../product-page';
import { listInput } from '../schemas';

const listingsPerPage = 50;

/**
 * What is sold, by title, a page at `cursor`, each with the address where the tenant subscribes to it; null while the tenant has no AWS
 * account. Throws `forbidden`, and `invalid` for a cursor that is none.
 */
export const listMarket = tenantVerb('market.view', listInput, async ({ ports, tenant }, { cursor }) => {
  const { listings, ...links } = await ports.market.published({ cursor, limit: listingsPerPage });
  const pattern = await ports.productPages.pattern();
  const offers = listings.map((listing) => ({
    listing,
    href: tenant.accountId === null ? null : productPageOf(pattern, listing, tenant.accountId),
  }));
  return { ...links, offers };
});
