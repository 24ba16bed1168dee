import type { PageInfo } from '@/lib/server/page';
import { workbenchPage } from '../page-info';

export const doctorPage: PageInfo<'tenant'> = {
  path: '/workbench/doctor',
  title: 'Doctor',
  action: 'doctor.view',
  scope: 'tenant',
  parent: workbenchPage,
};
