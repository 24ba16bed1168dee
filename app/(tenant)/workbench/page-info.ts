import type { PageInfo } from '@/lib/server/page';

export const workbenchPage: PageInfo<'tenant'> = {
  path: '/workbench',
  title: 'Workbench',
  action: 'workbench.view',
  scope: 'tenant',
};
