import type { TenantContext } from '@/lib/domain/context';
import { customerOrders } from '@/lib/domain/crm/verbs/customer-orders';
import { getCustomer } from '@/lib/domain/crm/verbs/get-customer';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';

/** Every order of one customer as CSV, newest first. */
export const GET = route<'tenant', { id: string }>(
  { action: customerOrders.action, scope: 'tenant' },
  async (context, request, { id }) => {
    const customer = await getCustomer(context, { customerId: id });
    return csvDownload(request, ['orders', customer.id], context.now(), ordersCsv(context, customer.id));
  },
);

async function* ordersCsv(context: TenantContext, customerId: string): AsyncGenerator<string> {
  yield 'ordered_at,quantity,amount\r\n';
  let before: string | undefined;
  do {
    const { orders, next } = await customerOrders(context, { customerId, before, limit: 1000 });
    yield orders
      .map((order) => `${order.orderedAt.toISOString()},${order.quantity},${order.amount}\r\n`)
      .join('');
    before = next ?? undefined;
  } while (before !== undefined);
}
