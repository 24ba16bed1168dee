import { everyRow } from '@/lib/domain/cursor';
import { nothing, tenantVerb } from '@/lib/domain/verb';

const perPage = 200;

/** Every extract of the tenant, newest first, read page by page. Throws `forbidden`; later errors end the iteration. */
export const exportExtracts = tenantVerb('extracts.list', nothing, async ({ ports }) =>
  everyRow(
    (before) => ports.extracts.store.list({ before, limit: perPage }),
    ({ extracts }) => extracts,
  ),
);
