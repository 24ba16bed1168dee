import { spendDaysCsv } from '@/lib/domain/costs/costs-csv';
import { getCosts } from '@/lib/domain/costs/verbs/get-costs';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';

/** What was measured of each day of this month, as CSV. */
export const GET = route({ action: getCosts.action, scope: 'tenant' }, async (context, request) => {
  const { days } = await getCosts(context, undefined);
  const file = { parts: ['cost', context.tenant.id], at: context.now(), subject: 'cost' };
  return csvDownload(context, request, file, spendDaysCsv(days));
});
