import type { ReactNode } from 'react';
import { pageContext } from '@/lib/server/page';
import { Frame } from '../_components/frame';
import { organisationOf } from '../_components/organisation';
import { overviewPage } from './overview/page-info';

/** Around the pages of a tenant, and the overview, which every role has. A page refuses whom it is not for. */
export default async function TenantLayout({ children }: { readonly children: ReactNode }) {
  const { actor, tenant } = await pageContext(overviewPage);
  return (
    <Frame actor={actor} organisation={tenant?.tenant.name ?? organisationOf(actor)}>
      {children}
    </Frame>
  );
}
