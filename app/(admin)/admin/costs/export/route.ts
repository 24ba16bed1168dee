import { costsCsv } from '@/lib/domain/costs/costs-csv';
import { listCosts } from '@/lib/domain/costs/verbs/list-costs';
import { everyRow } from '@/lib/domain/cursor';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { readView } from '../view';

/** What the tenants that the address asks for cost, as CSV. */
export const GET = route({ action: listCosts.action, scope: 'control' }, async (context, request) => {
  const { sort, direction, search } = readView(Object.fromEntries(request.nextUrl.searchParams));
  const costs = everyRow(
    (cursor) => listCosts(context, { sort, direction, search, cursor, limit: 200 }),
    (page) => page.costs,
  );
  const file = {
    parts: ['costs'],
    at: context.now(),
    subject: 'costs',
    filter: { searched: search !== undefined },
  };
  return csvDownload(context, request, file, costsCsv(costs));
});
