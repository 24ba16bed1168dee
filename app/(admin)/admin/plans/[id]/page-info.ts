import type { PageInfo } from '@/lib/server/page';
import { plansPage } from '../page-info';

export const planPage: PageInfo<'control'> = {
  path: '/admin/plans/[id]',
  title: 'Plan',
  action: 'plans.view',
  scope: 'control',
  parent: plansPage,
};
