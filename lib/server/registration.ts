/**
 * Where AWS Marketplace sends a buyer after the purchase, by a form from its own pages. The only address that takes a form from
 * elsewhere: it changes nothing, and leads to a page.
 */
export const registration = { path: '/marketplace/register' } as const;
