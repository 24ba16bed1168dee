import type { PageInfo } from '@/lib/server/page';

export const exportPage: PageInfo<'tenant'> = {
  path: '/export',
  title: 'Export your data',
  action: 'tenant.export',
  scope: 'tenant',
};
