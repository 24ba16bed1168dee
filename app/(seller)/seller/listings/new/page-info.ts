import type { PageInfo } from '@/lib/server/page';
import { listingsPage } from '../page-info';

export const newListingPage: PageInfo<'seller'> = {
  path: '/seller/listings/new',
  title: 'New listing',
  action: 'listings.create',
  scope: 'seller',
  parent: listingsPage,
};
