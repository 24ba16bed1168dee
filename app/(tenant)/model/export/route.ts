import { exportVersions } from '@/lib/domain/models/verbs/export-versions';
import { versionsCsv } from '@/lib/domain/models/versions-csv';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';

/** Streams the list of versions as CSV. */
export const GET = route({ action: exportVersions.action, scope: 'tenant' }, async (context, request) =>
  csvDownload(
    context,
    request,
    { parts: ['versions', context.tenant.id], at: context.now(), subject: 'model versions' },
    versionsCsv(await exportVersions(context, undefined)),
  ),
);
