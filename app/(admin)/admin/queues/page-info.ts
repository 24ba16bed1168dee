import type { PageInfo } from '@/lib/server/page';

export const queuesPage: PageInfo<'control'> = {
  path: '/admin/queues',
  title: 'Queues',
  action: 'queues.view',
  scope: 'control',
};
