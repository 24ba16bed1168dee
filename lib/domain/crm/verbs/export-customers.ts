import { record } from '@/lib/domain/audit/record';
import { tenantVerb } from '@/lib/domain/verb';
import { customerSelection } from '../schemas';

/**
 * Every customer that the selection names, streamed, and the fact that somebody took them put on record first.
 * Throws `forbidden`, `invalid`; what fails later fails the iteration.
 */
export const exportCustomers = tenantVerb('customers.export', customerSelection, async (ctx, selection) => {
  await record(ctx, {
    action: 'customers.export',
    subject: 'customers',
    detail: { band: selection.band ?? null, searched: selection.search !== undefined },
  });
  return ctx.ports.customers.export(selection);
});
