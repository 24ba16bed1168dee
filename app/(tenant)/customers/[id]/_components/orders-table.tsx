'use client';

import { Pager } from '@/components/data/pager';
import { Cell, DataTable } from '@/components/data/table';
import { formatAmount, formatCount, formatUnits } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import type { Order } from '@/lib/domain/crm/ports';

/** One page of a customer's orders. */
export function OrdersTable({
  page,
  href,
  first,
}: {
  readonly page: { readonly orders: readonly Order[]; readonly next: string | null };
  readonly href: string;
  readonly first: boolean;
}) {
  if (page.orders.length === 0) return <p className="text-sm text-muted">No orders.</p>;
  const keyed = keyedByContent(page.orders);
  return (
    <>
      <DataTable
        label="Orders, newest first"
        columns={[
          { label: 'Ordered' },
          { label: 'Quantity', numeric: true },
          { label: 'Amount', numeric: true },
        ]}
      >
        {keyed.map(([key, { orderedAt, quantity, amount }]) => (
          <tr key={key}>
            <Cell>
              <Instant at={orderedAt} />
            </Cell>
            <Cell numeric>{formatCount(quantity)}</Cell>
            <Cell numeric>{formatAmount(amount)}</Cell>
          </tr>
        ))}
      </DataTable>
      <Pager
        label="Pages of orders"
        previous={first ? null : { href, label: 'Newest' }}
        next={page.next ? { href: `${href}?before=${encodeURIComponent(page.next)}`, label: 'Older' } : null}
      >
        Showing {formatUnits(page.orders.length, 'order')}
      </Pager>
    </>
  );
}

/** Orders have no id here, and two can be identical. */
function keyedByContent(orders: readonly Order[]): readonly (readonly [string, Order])[] {
  const seen = new Map<string, number>();
  return orders.map((order) => {
    const content = `${order.orderedAt.getTime()}/${order.quantity}/${order.amount}`;
    const count = seen.get(content) ?? 0;
    seen.set(content, count + 1);
    return [`${content}/${count}`, order];
  });
}
