import type { PageInfo } from '@/lib/server/page';
import { customersPage } from '../page-info';

export const importPage: PageInfo<'tenant'> = {
  path: '/customers/import',
  title: 'Import orders',
  action: 'orders.import',
  scope: 'tenant',
  parent: customersPage,
};
