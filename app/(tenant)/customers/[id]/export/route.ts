import { ordersCsv } from '@/lib/domain/crm/orders-csv';
import { customerOrders } from '@/lib/domain/crm/verbs/customer-orders';
import { getCustomer } from '@/lib/domain/crm/verbs/get-customer';
import { everyRow } from '@/lib/domain/cursor';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { idOfPath } from '../../customer-path';

/** Every order of one customer as CSV, newest first. */
export const GET = route<'tenant', { id: string }>(
  { action: customerOrders.action, scope: 'tenant' },
  async (context, request, { id }) => {
    const customer = await getCustomer(context, { customerId: idOfPath(id) });
    const orders = everyRow(
      (cursor) => customerOrders(context, { customerId: customer.id, cursor, limit: 1000 }),
      (page) => page.orders,
    );
    const file = {
      parts: ['orders', customer.id],
      at: context.now(),
      subject: `customer/${customer.id}/orders`,
    };
    return csvDownload(context, request, file, ordersCsv(orders));
  },
);
