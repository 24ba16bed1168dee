import type { PageInfo } from '@/lib/server/page';
import { plansPage } from '../page-info';

export const newPlanPage: PageInfo<'control'> = {
  path: '/admin/plans/new',
  title: 'New plan',
  action: 'plans.create',
  scope: 'control',
  parent: plansPage,
};
