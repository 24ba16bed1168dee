import type { Listing } from './listing';

/** Where a tenant with that AWS account subscribes. `pattern`: as `ProductPages.pattern`. */
export const productPageOf = (
  pattern: string,
  { productPage }: Pick<Listing, 'productPage'>,
  accountId: string,
): string =>
  pattern
    .replaceAll('{product}', encodeURIComponent(productPage))
    .replaceAll('{account}', encodeURIComponent(accountId));
