import type { PageInfo } from '@/lib/server/page';

export const extractsPage: PageInfo<'tenant'> = {
  path: '/extracts',
  title: 'Extracts',
  action: 'extracts.list',
  scope: 'tenant',
};
