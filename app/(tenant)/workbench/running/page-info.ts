import type { PageInfo } from '@/lib/server/page';
import { workbenchPage } from '../page-info';

export const runningPage: PageInfo<'tenant'> = {
  path: '/workbench/running',
  title: 'Running',
  action: 'running.view',
  scope: 'tenant',
  parent: workbenchPage,
};
