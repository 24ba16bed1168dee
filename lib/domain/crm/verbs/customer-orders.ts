import { tenantVerb } from '@/lib/domain/verb';
import { orderQuery } from '../schemas';

/**
 * One customer's orders, newest first; none for a customer that is unknown or belongs to another tenant. Throws `forbidden`;
 * `invalid` for an invalid cursor.
 */
export const customerOrders = tenantVerb('customers.view', orderQuery, (ctx, { customerId, ...page }) =>
  ctx.ports.customers.orders(customerId, page),
);
