import type { PageInfo } from '@/lib/server/page';

export const marketplacePage: PageInfo<'tenant'> = {
  path: '/marketplace',
  title: 'Marketplace',
  action: 'market.view',
  scope: 'tenant',
};
