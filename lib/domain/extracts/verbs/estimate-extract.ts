import { tenantVerb } from '@/lib/domain/verb';
import { planExtract } from '../plan';
import type { RowEstimate } from '../ports';
import { extractDraft } from '../schemas';

/**
 * How many rows an extract will have: for whole tables from the counts kept at import, otherwise from the replica. Throws
 * `forbidden`; `invalid` with the field at fault; what the replica throws.
 */
export const estimateExtract = tenantVerb(
  'extracts.preview',
  extractDraft,
  async (ctx, draft): Promise<RowEstimate> => {
    const { query, range, overview } = await planExtract(ctx, draft);
    const whole = range.from === null && range.before === null;
    if (whole && draft.dataset === 'customers') return { rows: overview.customers, basis: 'counted' };
    if (whole && draft.dataset === 'orders') return { rows: overview.orders, basis: 'counted' };
    return ctx.ports.extracts.reader.estimateRows(query);
  },
);
