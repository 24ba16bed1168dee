import type { PageInfo } from '@/lib/server/page';

export const tenantsPage: PageInfo<'control'> = {
  path: '/admin/tenants',
  title: 'Tenants',
  action: 'tenants.list',
  scope: 'control',
};
