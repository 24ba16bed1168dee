import type { PageInfo } from '@/lib/server/page';
import { customersPage } from '../page-info';

export const comparePage: PageInfo<'tenant'> = {
  path: '/customers/compare',
  title: 'Default and model',
  action: 'scores.view',
  scope: 'tenant',
  parent: customersPage,
};
