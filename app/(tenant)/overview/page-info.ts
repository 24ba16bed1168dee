import type { PageInfo } from '@/lib/server/page';

export const overviewPage: PageInfo<'tenant'> = {
  path: '/overview',
  title: 'Overview',
  action: 'tenant.view',
  scope: 'tenant',
};
