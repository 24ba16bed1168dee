import type { PageInfo } from '@/lib/server/page';

export const costPage: PageInfo<'tenant'> = {
  path: '/cost',
  title: 'Cost',
  action: 'costs.view',
  scope: 'tenant',
};
