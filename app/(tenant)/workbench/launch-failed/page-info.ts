import type { PageInfo } from '@/lib/server/page';

export const launchFailedPage: PageInfo<'tenant'> = {
  path: '/workbench/launch-failed',
  title: 'Studio was not launched',
  action: 'workbench.view',
  scope: 'tenant',
};
