import type { PageInfo } from '@/lib/server/page';
import { extractsPage } from '../page-info';

export const newExtractPage: PageInfo<'tenant'> = {
  path: '/extracts/new',
  title: 'New extract',
  action: 'extracts.submit',
  scope: 'tenant',
  parent: extractsPage,
};
