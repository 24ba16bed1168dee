import { z } from 'zod';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { customerId } from '../schemas';

/** One customer of the tenant. Throws `forbidden`; `not_found` for an id that is unknown or belongs to another tenant. */
export const getCustomer = tenantVerb('customers.view', z.object({ customerId }), async (ctx, input) => {
  const customer = await ctx.ports.customers.get(input.customerId);
  if (!customer) throw new AnnexError('not_found', 'No customer has this id.');
  return customer;
});
