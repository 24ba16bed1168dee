import { tenantVerb } from '@/lib/domain/verb';
import { customerQuery } from '../schemas';

/** One page of the tenant's customers. Throws `forbidden`; `invalid` for an invalid query or cursor. */
export const listCustomers = tenantVerb('customers.list', customerQuery, (ctx, query) =>
  ctx.ports.customers.list(query),
);
