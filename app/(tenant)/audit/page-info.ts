import type { PageInfo } from '@/lib/server/page';

export const auditPage: PageInfo<'tenant'> = {
  path: '/audit',
  title: 'Audit',
  action: 'audit.view',
  scope: 'tenant',
};
