import { getClosing } from '@/lib/domain/closing/verbs/get-closing';
import { AnnexError } from '@/lib/errors';
import { route } from '@/lib/server/route';
import { closingReading } from '../tenant-reading';

/** The progress of a tenant's closing. */
export const GET = route<'control', { readonly id: string }>(
  { action: getClosing.action, scope: 'control' },
  async (context, _, { id }) => {
    const { closing } = await getClosing(context, { tenantId: id });
    if (!closing) throw new AnnexError('not_found', 'Nobody has closed this tenant.');
    return Response.json(closingReading(closing, context.now()));
  },
);
