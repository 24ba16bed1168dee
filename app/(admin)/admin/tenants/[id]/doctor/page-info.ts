import type { PageInfo } from '@/lib/server/page';
import { tenantsPage } from '../../page-info';

export const tenantDoctorPage: PageInfo<'control'> = {
  path: '/admin/tenants/[id]/doctor',
  title: 'Doctor',
  action: 'tenants.view',
  scope: 'control',
  parent: tenantsPage,
};
