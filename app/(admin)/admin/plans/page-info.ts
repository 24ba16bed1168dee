import type { PageInfo } from '@/lib/server/page';

export const plansPage: PageInfo<'control'> = {
  path: '/admin/plans',
  title: 'Plans',
  action: 'plans.list',
  scope: 'control',
};
