import { tenantVerb } from '@/lib/domain/verb';
import { customerQuery } from '../schemas';

/** One page of the tenant's customers. Throws `forbidden`; `invalid` for a query or a cursor that is none. */
export const listCustomers = tenantVerb('customers.list', customerQuery, (ctx, query) =>
  ctx.ports.customers.list(query),
);
