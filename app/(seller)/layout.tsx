import type { ReactNode } from 'react';
import { pageContext } from '@/lib/server/page';
import { Frame } from '../_components/frame';

export default async function SellerLayout({ children }: { readonly children: ReactNode }) {
  const { actor } = await pageContext('listings.view', 'control');
  return (
    <Frame actor={actor} organisation="Marketplace seller">
      {children}
    </Frame>
  );
}
