import type { PageInfo } from '@/lib/server/page';

export const peoplePage: PageInfo<'tenant'> = {
  path: '/people',
  title: 'People',
  action: 'people.list',
  scope: 'tenant',
};
