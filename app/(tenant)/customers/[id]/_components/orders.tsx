import Link from 'next/link';
import { formatCount } from '@/components/format';
import { buttonStyle } from '@/components/ui/button';
import { ExportLink } from '@/components/ui/export-link';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import type { Customer, OrderPage } from '@/lib/domain/crm/ports';
import { customerOrders } from '@/lib/domain/crm/verbs/customer-orders';
import { pageOrNull } from '@/lib/server/page-or-null';
import { customerPath } from '../../customer-path';
import { OrderFigure } from './order-figure';
import { OrdersTable } from './orders-table';

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

/** Placeholder with the size of the chart and the table. */
export function OrdersSkeleton() {
  return (
    <>
      <Skeleton className="h-[24rem] w-full" />
      <Skeleton className="h-60 w-full" />
    </>
  );
}
