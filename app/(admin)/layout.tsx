import type { ReactNode } from 'react';
import { pageContext } from '@/lib/server/page';
import { Frame } from '../_components/frame';
import { organisations } from '../_components/organisation';
import { tenantsPage } from './admin/tenants/page-info';

export default async function AdminLayout({ children }: { readonly children: ReactNode }) {
  const { actor } = await pageContext(tenantsPage);
  return (
    <Frame actor={actor} organisation={organisations.admin}>
      {children}
    </Frame>
  );
}
