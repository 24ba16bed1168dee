import { everyRow } from '@/lib/domain/cursor';
import { tenantsCsv } from '@/lib/domain/tenants/tenants-csv';
import { listTenants } from '@/lib/domain/tenants/verbs/list-tenants';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';

/** Every tenant as CSV. */
export const GET = route({ action: listTenants.action, scope: 'control' }, async (context, request) => {
  const tenants = everyRow(
    (cursor) => listTenants(context, { cursor, limit: 200 }),
    (page) => page.tenants,
  );
  const file = { parts: ['tenants'], at: context.now(), subject: 'tenants' };
  return csvDownload(context, request, file, tenantsCsv(tenants));
});
