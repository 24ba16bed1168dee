import type { PageInfo } from '@/lib/server/page';
import { peoplePage } from '../page-info';

export const personPage: PageInfo<'tenant'> = {
  path: '/people/[id]',
  title: 'Person',
  action: 'people.list',
  scope: 'tenant',
  parent: peoplePage,
};
