import { customersCsv } from '@/lib/domain/crm/customers-csv';
import { exportCustomers } from '@/lib/domain/crm/verbs/export-customers';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { readView } from '../view';

/** Streams every customer that the URL selects as CSV. */
export const GET = route({ action: exportCustomers.action, scope: 'tenant' }, async (context, request) => {
  const { sort, direction, band, search } = readView(Object.fromEntries(request.nextUrl.searchParams));
  const customers = await exportCustomers(context, { sort, direction, band, search });
  const file = {
    parts: ['customers', context.tenant.id, band],
    at: context.now(),
    subject: 'customers',
    filter: { band: band ?? null, searched: search !== undefined },
  };
  return csvDownload(context, request, file, customersCsv(customers));
});
