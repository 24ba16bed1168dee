import { z } from 'zod';
import { tenantVerb } from '@/lib/domain/verb';
import { exportedFile, exportFiles } from '../export-files';

const input = z.object({ file: z.enum(exportFiles) });

/** Streams one file of the tenant’s data as CSV, also while the tenant is being closed. Throws `forbidden`, `invalid`. */
export const exportTenant = tenantVerb('tenant.export', input, async (ctx, { file }) =>
  exportedFile(ctx, file),
);
