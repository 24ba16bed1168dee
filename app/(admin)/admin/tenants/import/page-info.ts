import type { PageInfo } from '@/lib/server/page';
import { tenantsPage } from '../page-info';

export const importTenantsPage: PageInfo<'control'> = {
  path: '/admin/tenants/import',
  title: 'Onboard from CSV',
  action: 'tenants.onboard',
  scope: 'control',
  parent: tenantsPage,
};
