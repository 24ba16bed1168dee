import type { Listing } from './listing';

/** Where tenants with that AWS account subscribe. `pattern`: an address with `{product}` and, perhaps, `{account}`. */
export const productPageOf = (
  pattern: string,
  { productPage }: Pick<Listing, 'productPage'>,
  accountId: string | null,
): string =>
  pattern
    .replaceAll('{product}', encodeURIComponent(productPage))
    .replaceAll('{account}', encodeURIComponent(accountId ?? ''));
