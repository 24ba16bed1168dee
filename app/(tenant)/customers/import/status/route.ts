import { latestImport } from '@/lib/domain/crm/verbs/latest-import';
import { route } from '@/lib/server/route';
import { importReading } from '../import-reading';

/** How far the tenant's import is, or what became of the last one. */
export const GET = route({ action: latestImport.action, scope: 'tenant' }, async (context) =>
  Response.json(importReading(await latestImport(context, undefined), context.now())),
);
