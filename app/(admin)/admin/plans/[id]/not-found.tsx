import type { Metadata } from 'next';
import Link from 'next/link';
import { Message } from '@/components/shell/message-page';
import { buttonStyle } from '@/components/ui/button';

export const metadata: Metadata = { title: 'Plan not found' };

export default function PlanNotFound() {
  return (
    <Message title="Plan not found">
      <p>There is no plan with this id.</p>
      <Link href="/admin/plans" className={buttonStyle('primary')}>
        Go to plans
      </Link>
    </Message>
  );
}
