import { tenantVerb } from '@/lib/domain/verb';
import { orderQuery } from '../schemas';

/**
 * One customer's orders, newest first; none for a customer that is unknown or another tenant's.
 * Throws `forbidden`; `invalid` for a cursor that is none.
 */
export const customerOrders = tenantVerb('customers.view', orderQuery, (ctx, { customerId, limit, before }) =>
  ctx.ports.customers.orders(customerId, { limit, before }),
);
