import type { PageInfo } from '@/lib/server/page';

export const listingsPage: PageInfo<'seller'> = {
  path: '/seller/listings',
  title: 'Listings',
  action: 'listings.view',
  scope: 'seller',
};
