import type { PageInfo } from '@/lib/server/page';

export const customersPage: PageInfo<'tenant'> = {
  path: '/customers',
  title: 'Customers',
  action: 'customers.list',
  scope: 'tenant',
};
