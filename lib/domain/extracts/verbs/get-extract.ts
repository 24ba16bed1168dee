import type { TenantContext } from '@/lib/domain/context';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import type { Extract } from '../ports';
import { extractInput } from '../schemas';

/** One extract of the tenant. Throws `forbidden`; `not_found` for an id that is unknown or belongs to another tenant. */
export const getExtract = tenantVerb('extracts.view', extractInput, (ctx, { requestId }) =>
  existing(ctx, requestId),
);

/** The extract with that id. Throws `not_found`. */
export async function existing(ctx: TenantContext, requestId: string): Promise<Extract> {
  const extract = await ctx.ports.extracts.store.get(requestId);
  if (!extract) throw new AnnexError('not_found', 'No extract has this id.');
  return extract;
}
