import { auditCsv } from '@/lib/domain/audit/audit-csv';
import { listOwnAudit } from '@/lib/domain/audit/verbs/list-own-audit';
import { everyRow } from '@/lib/domain/cursor';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { auditedFilter, readAuditView } from '../../../_components/audit/view';

/** Every event of the tenant that the URL selects, as CSV. */
export const GET = route({ action: listOwnAudit.action, scope: 'tenant' }, async (context, request) => {
  const view = readAuditView(Object.fromEntries(request.nextUrl.searchParams));
  const entries = everyRow(
    (cursor) => listOwnAudit(context, { filter: view.filter, page: { cursor, limit: 200 } }),
    (page) => page.entries,
  );
  const file = {
    parts: ['audit', context.tenant.id],
    at: context.now(),
    subject: 'audit',
    filter: auditedFilter(view),
  };
  return csvDownload(context, request, file, auditCsv(entries));
});
