import type { PageInfo } from '@/lib/server/page';

export const modelPage: PageInfo<'tenant'> = {
  path: '/model',
  title: 'Model',
  action: 'models.view',
  scope: 'tenant',
};
