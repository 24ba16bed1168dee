import type { PageInfo } from '@/lib/server/page';

export const policiesPage: PageInfo<'control'> = {
  path: '/admin/policies',
  title: 'Policies',
  action: 'policies.list',
  scope: 'control',
};
