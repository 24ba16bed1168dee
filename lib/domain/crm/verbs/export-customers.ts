import { record } from '@/lib/domain/audit/record';
import { tenantVerb } from '@/lib/domain/verb';
import { customerSelection } from '../schemas';

/**
 * Streams every customer of the selection; the export is first recorded in the audit log. Throws `forbidden`, `invalid`; later
 * errors end the iteration.
 */
export const exportCustomers = tenantVerb('customers.export', customerSelection, async (ctx, selection) => {
  await record(ctx, {
    action: 'customers.export',
    subject: 'customers',
    detail: { band: selection.band ?? null, searched: selection.search !== undefined },
  });
  return ctx.ports.customers.export(selection);
});
