import Link from 'next/link';
import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { Cell, DataTable } from '@/components/data/table';
import { formatAmount, formatCount } from '@/components/format';
import { buttonStyle } from '@/components/ui/button';
import { ExportLink } from '@/components/ui/export-link';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import type { Customer, Order, OrderPage } from '@/lib/domain/crm/ports';
import { customerOrders } from '@/lib/domain/crm/verbs/customer-orders';
import { pageOrNull } from '@/lib/server/page-or-null';
import { withParams } from '../../../../_components/address';
import { customerPath } from '../../customer-path';
import { OrderFigure } from './order-figure';

/** Maximum number of orders in the chart; nearly every customer has fewer. */
const chartLimit = 500;
const tableLimit = 50;

/** A customer's orders: the newest in a chart, all of them in a paged table. */
export async function loadOrders(
  context: TenantContext,
  { id: customerId, features }: Customer,
  asOf: Date | null,
  cursor: string | undefined,
) {
  const [charted, page] = await Promise.all([
    customerOrders(context, { customerId, limit: chartLimit }),
    pageOrNull(() => customerOrders(context, { customerId, limit: tableLimit, cursor, placed: true })),
  ]);
  const href = customerPath(customerId);
  return (
    <>
      <ChartedOrders charted={charted} asOf={asOf} gapMeanDays={features?.gapMeanDays ?? 0} />
      <section className="space-y-3">
        <div className="flex flex-wrap items-end justify-between gap-3">
          <h2 className="text-lg">Orders</h2>
          <ExportLink href={`${href}/export`} />
        </div>
        {page ? (
          <OrdersTable page={page} href={href} />
        ) : (
          <Notice
            tone="failed"
            title="This page of orders doesn’t exist"
            actions={
              <Link href={href} prefetch={false} className={buttonStyle('plain')}>
                Newest orders
              </Link>
            }
          >
            The link may be incomplete.
          </Notice>
        )}
      </section>
    </>
  );
}

function ChartedOrders({
  charted: { orders, next },
  asOf,
  gapMeanDays,
}: {
  readonly charted: OrderPage;
  readonly asOf: Date | null;
  readonly gapMeanDays: number;
}) {
  if (orders.length === 0) return null;
  const points = orders.map(({ orderedAt, amount }) => ({ at: orderedAt, amount })).reverse();
  return (
    <OrderFigure
      points={points}
      asOf={asOf}
      gapMeanDays={gapMeanDays}
      note={`Amount of each order${next ? `, newest ${formatCount(chartLimit)} only` : ''}; days in UTC. The table below lists the same orders.`}
    />
  );
}

function OrdersTable({ page, href }: { readonly page: OrderPage; readonly href: string }) {
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

/** Placeholder with the size of the chart and the table. */
export function OrdersSkeleton() {
  return (
    <>
      <Skeleton className="h-[24rem] w-full" />
      <Skeleton className="h-60 w-full" />
    </>
  );
}
