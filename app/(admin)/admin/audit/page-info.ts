import type { PageInfo } from '@/lib/server/page';

export const adminAuditPage: PageInfo<'control'> = {
  path: '/admin/audit',
  title: 'Audit',
  action: 'audit.list',
  scope: 'control',
};
