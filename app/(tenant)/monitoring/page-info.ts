import type { PageInfo } from '@/lib/server/page';

export const monitoringPage: PageInfo<'tenant'> = {
  path: '/monitoring',
  title: 'Monitoring',
  action: 'monitoring.view',
  scope: 'tenant',
};
