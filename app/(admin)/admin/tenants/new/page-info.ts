import type { PageInfo } from '@/lib/server/page';
import { tenantsPage } from '../page-info';

export const newTenantPage: PageInfo<'control'> = {
  path: '/admin/tenants/new',
  title: 'Onboard tenant',
  action: 'tenants.onboard',
  scope: 'control',
  parent: tenantsPage,
};
