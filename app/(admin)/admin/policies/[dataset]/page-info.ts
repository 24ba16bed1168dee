import type { PageInfo } from '@/lib/server/page';
import { policiesPage } from '../page-info';

export const policyPage: PageInfo<'control'> = {
  path: '/admin/policies/[dataset]',
  title: 'Policy',
  action: 'policies.view',
  scope: 'control',
  parent: policiesPage,
};
