import type { ReactNode } from 'react';
import { pageContext } from '@/lib/server/page';
import { Frame } from '../_components/frame';

export default async function TenantLayout({ children }: { readonly children: ReactNode }) {
  const { actor, tenant } = await pageContext({ action: 'tenant.view', scope: 'tenant' });
  return (
    <Frame actor={actor} organisation={tenant.name}>
      {children}
    </Frame>
  );
}
