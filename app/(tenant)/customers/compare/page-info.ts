import type { PageInfo } from '@/lib/server/page';
import { customersPage } from '../page-info';

export const comparePage: PageInfo<'tenant'> = {
  path: '/customers/compare',
  title: 'Compare models',
  action: 'scores.view',
  scope: 'tenant',
  parent: customersPage,
};
