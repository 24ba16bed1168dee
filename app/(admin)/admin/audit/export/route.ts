import { auditCsv } from '@/lib/domain/audit/audit-csv';
import { listAudit } from '@/lib/domain/audit/verbs/list-audit';
import { everyRow } from '@/lib/domain/cursor';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { auditedFilter, readAuditView } from '../../../../_components/audit/view';

/** Every event that the URL selects, as CSV. */
export const GET = route({ action: listAudit.action, scope: 'control' }, async (context, request) => {
  const view = readAuditView(Object.fromEntries(request.nextUrl.searchParams));
  const { filter, tenantId } = view;
  const entries = everyRow(
    (cursor) => listAudit(context, { filter, tenantId, page: { cursor, limit: 200 } }),
    (page) => page.entries,
  );
  const file = {
    parts: ['audit', tenantId],
    at: context.now(),
    subject: 'audit',
    filter: { tenant: tenantId ?? null, ...auditedFilter(view) },
  };
  return csvDownload(context, request, file, auditCsv(entries));
});
