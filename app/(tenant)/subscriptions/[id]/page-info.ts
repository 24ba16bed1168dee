import type { PageInfo } from '@/lib/server/page';
import { subscriptionsPage } from '../page-info';

export const subscriptionPage: PageInfo<'tenant'> = {
  path: '/subscriptions/[id]',
  title: 'Subscription',
  action: 'subscriptions.view',
  scope: 'tenant',
  parent: subscriptionsPage,
};
