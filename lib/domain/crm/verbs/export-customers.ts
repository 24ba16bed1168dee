import { tenantVerb } from '@/lib/domain/verb';
import { customerSelection } from '../schemas';

/** Streams every customer of the selection. Throws `forbidden`, `invalid`; later errors end the iteration. */
export const exportCustomers = tenantVerb('customers.export', customerSelection, async (ctx, selection) =>
  ctx.ports.customers.export(selection),
);
