'use client';

import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { Cell, DataTable } from '@/components/data/table';
import { formatAmount, formatCount } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import type { Order, OrderPage } from '@/lib/domain/crm/ports';
import { withParams } from '../../../../_components/address';

/** One page of a customer's orders. */
export function OrdersTable({ page, href }: { readonly page: OrderPage; readonly href: string }) {
  if (page.orders.length === 0) return <p className="text-sm text-muted">No orders.</p>;
  const keyed = keyedByContent(page.orders);
  const to = (cursor: string | null, label: string) =>
    cursor === null ? null : { href: withParams(href, new URLSearchParams({ cursor })), label };
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
      <Pager label="Pages of orders" previous={to(page.previous, 'Newer')} next={to(page.next, 'Older')}>
        {whereIn(page.place, page.orders.length, 'order', 'newest first')}
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
