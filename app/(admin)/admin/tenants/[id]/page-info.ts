import type { PageInfo } from '@/lib/server/page';
import { tenantsPage } from '../page-info';

export const tenantPage: PageInfo<'control'> = {
  path: '/admin/tenants/[id]',
  title: 'Tenant',
  action: 'tenants.view',
  scope: 'control',
  parent: tenantsPage,
};
