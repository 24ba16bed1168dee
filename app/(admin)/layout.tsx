import type { ReactNode } from 'react';
import { pageContext } from '@/lib/server/page';
import { Frame } from '../_components/frame';

export default async function AdminLayout({ children }: { readonly children: ReactNode }) {
  const { actor } = await pageContext('tenants.list', 'control');
  return (
    <Frame actor={actor} organisation="Administration">
      {children}
    </Frame>
  );
}
