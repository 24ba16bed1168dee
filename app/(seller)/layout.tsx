import type { ReactNode } from 'react';
import { pageContext } from '@/lib/server/page';
import { Frame } from '../_components/frame';
import { organisations } from '../_components/organisation';
import { listingsPage } from './seller/listings/page-info';

export default async function SellerLayout({ children }: { readonly children: ReactNode }) {
  const { actor } = await pageContext(listingsPage);
  return (
    <Frame actor={actor} organisation={organisations.seller}>
      {children}
    </Frame>
  );
}
