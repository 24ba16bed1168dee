import type { PageInfo } from '@/lib/server/page';
import { extractsPage } from '../page-info';

export const extractPage: PageInfo<'tenant'> = {
  path: '/extracts/[id]',
  title: 'Extract',
  action: 'extracts.view',
  scope: 'tenant',
  parent: extractsPage,
};
