import type { PageInfo } from '@/lib/server/page';

/** The start page of every role. */
export const overviewPage: PageInfo<'person'> = {
  path: '/overview',
  title: 'Overview',
  action: 'overview.view',
  scope: 'person',
};
