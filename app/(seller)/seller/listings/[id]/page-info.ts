import type { PageInfo } from '@/lib/server/page';
import { listingsPage } from '../page-info';

export const listingPage: PageInfo<'seller'> = {
  path: '/seller/listings/[id]',
  title: 'Listing',
  action: 'listings.view',
  scope: 'seller',
  parent: listingsPage,
};
