import type { PageInfo } from '@/lib/server/page';

export const soldPage: PageInfo<'seller'> = {
  path: '/seller/subscriptions',
  title: 'Subscriptions',
  action: 'sold.view',
  scope: 'seller',
};
