import type { Metadata } from 'next';
import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Tenant not found' };

export default function TenantNotFound() {
  return (
    <Message title="Tenant not found">
      <p>There is no tenant with this id.</p>
      <Link href="/admin/tenants" className={buttonStyle('primary')}>
        Go to tenants
      </Link>
    </Message>
  );
}
