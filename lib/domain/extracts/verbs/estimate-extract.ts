import { tenantVerb } from '@/lib/domain/verb';
import { planExtract } from '../plan';
import type { RowEstimate } from '../ports';
import { rowsOf, tooManyRows } from '../rows';
import { extractDraft } from '../schemas';

/** `refusal`: why these are more rows than the policy allows; null otherwise. */
export interface ExtractEstimate extends RowEstimate {
  readonly refusal: string | null;
}

/**
 * How many rows an extract will have, and whether the policy allows as many. Throws `forbidden`; `invalid` with the field at fault;
 * what the replica throws.
 */
export const estimateExtract = tenantVerb(
  'extracts.preview',
  extractDraft,
  async (ctx, draft): Promise<ExtractEstimate> => {
    const plan = await planExtract(ctx, draft);
    const estimate = await rowsOf(ctx, draft.dataset, plan);
    const { rowLimit, version } = plan.policy;
    const isOver = rowLimit !== null && estimate.basis === 'counted' && estimate.rows > rowLimit;
    return { ...estimate, refusal: isOver ? tooManyRows(rowLimit, version) : null };
  },
);
