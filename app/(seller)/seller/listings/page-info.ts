import type { PageInfo } from '@/lib/server/page';

export const listingsPage: PageInfo<'control'> = {
  path: '/seller/listings',
  title: 'Listings',
  action: 'listings.view',
  scope: 'control',
};
