import { extractsCsv } from '@/lib/domain/extracts/extracts-csv';
import { exportExtracts } from '@/lib/domain/extracts/verbs/export-extracts';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';

/** Streams the list of extracts as CSV. */
export const GET = route({ action: exportExtracts.action, scope: 'tenant' }, async (context, request) =>
  csvDownload(
    context,
    request,
    { parts: ['extracts', context.tenant.id], at: context.now(), subject: 'extracts' },
    extractsCsv(await exportExtracts(context, undefined)),
  ),
);
