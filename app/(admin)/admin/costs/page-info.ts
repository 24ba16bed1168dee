import type { PageInfo } from '@/lib/server/page';

export const costsPage: PageInfo<'control'> = {
  path: '/admin/costs',
  title: 'Costs',
  action: 'costs.list',
  scope: 'control',
};
