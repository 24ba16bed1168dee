import type { PageInfo } from '@/lib/server/page';
import { customersPage } from '../page-info';

export const customerPage: PageInfo<'tenant'> = {
  path: '/customers/[id]',
  title: 'Customer',
  action: 'customers.view',
  scope: 'tenant',
  parent: customersPage,
};
