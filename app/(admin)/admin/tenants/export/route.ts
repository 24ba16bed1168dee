import { everyRow } from '@/lib/domain/cursor';
import { tenantsCsv } from '@/lib/domain/tenants/tenants-csv';
import { listTenants } from '@/lib/domain/tenants/verbs/list-tenants';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { readView } from '../view';

/** The tenants that the address asks for, as CSV. */
export const GET = route({ action: listTenants.action, scope: 'control' }, async (context, request) => {
  const { sort, direction, state, plan, health, search } = readView(
    Object.fromEntries(request.nextUrl.searchParams),
  );
  const tenants = everyRow(
    (cursor) => listTenants(context, { sort, direction, state, plan, health, search, cursor, limit: 200 }),
    (page) => page.tenants,
  );
  const file = {
    parts: ['tenants', state, plan],
    at: context.now(),
    subject: 'tenants',
    filter: {
      state: state ?? null,
      plan: plan ?? null,
      health: health ?? null,
      searched: search !== undefined,
    },
  };
  return csvDownload(context, request, file, tenantsCsv(tenants));
});
