import Link from 'next/link';
import { LiveRefresh } from '@/components/live/live-refresh';
import type { Reading } from '@/components/live/reading';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** The list before the first import: says where customers come from, and leads whoever may to the import. */
export function NothingImported({
  mayImport,
  reading,
}: {
  readonly mayImport: boolean;
  readonly reading: Reading;
}) {
  return (
    <EmptyState title="No orders imported yet">
      <p>
        Customers come from your order history: a CSV file with one order per line. Annex then computes the
        churn risk of each customer from what they bought, and when.
      </p>
      {mayImport ? (
        <Link href="/customers/import" prefetch={false} className={buttonStyle('primary')}>
          Import orders
        </Link>
      ) : (
        <p>A data scientist of your organisation can import it.</p>
      )}
      <LiveRefresh initial={reading} href="/scoring/status" pageHref="/customers" />
    </EmptyState>
  );
}
