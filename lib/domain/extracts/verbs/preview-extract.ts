import { tenantVerb } from '@/lib/domain/verb';
import { planExtract } from '../plan';
import type { OutputColumn } from '../ports';
import { extractDraft } from '../schemas';

/** Rows of a preview. */
const previewRows = 10;

export interface ExtractPreview {
  readonly columns: readonly OutputColumn[];
  /** Values as in a CSV file; null for an empty cell. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * The first ten rows as the extract will contain them, read from the replica with the extract's own statement. Throws
 * `forbidden`; `invalid` with the field at fault; what the replica throws.
 */
export const previewExtract = tenantVerb(
  'extracts.preview',
  extractDraft,
  async (ctx, draft): Promise<ExtractPreview> => {
    const { query } = await planExtract(ctx, draft);
    return { columns: query.columns, rows: await ctx.ports.extracts.reader.preview(query, previewRows) };
  },
);
