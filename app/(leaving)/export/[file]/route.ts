import type { ExportFile } from '@/lib/domain/closing/export-files';
import { exportTenant } from '@/lib/domain/closing/verbs/export-tenant';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';

/** One file of the tenant’s data, as CSV. */
export const GET = route<'tenant', { readonly file: string }>(
  { action: exportTenant.action, scope: 'tenant' },
  async (context, request, { file }) => {
    const chunks = await exportTenant(context, { file: file as ExportFile });
    const saved = { parts: [context.tenant.id, file], at: context.now(), subject: `export/${file}` };
    return csvDownload(context, request, saved, chunks);
  },
);
