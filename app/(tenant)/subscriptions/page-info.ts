import type { PageInfo } from '@/lib/server/page';

export const subscriptionsPage: PageInfo<'tenant'> = {
  path: '/subscriptions',
  title: 'Subscriptions',
  action: 'subscriptions.view',
  scope: 'tenant',
};
