import { AnnexError } from '@/lib/errors';
import type { ControlContext } from '../context';
import type { Closing } from './ports';

/** The closing of the tenant. Throws `not_found`. */
export async function existing(ctx: ControlContext, tenantId: string): Promise<Closing> {
  const closing = await ctx.ports.closings.get(tenantId);
  if (!closing) throw new AnnexError('not_found', 'Nobody has closed this tenant.');
  return closing;
}
