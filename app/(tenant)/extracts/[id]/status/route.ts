import { getExtract } from '@/lib/domain/extracts/verbs/get-extract';
import { route } from '@/lib/server/route';
import { extractReading } from '../../reading';

/** The progress of an extract. */
export const GET = route<'tenant', { readonly id: string }>(
  { action: getExtract.action, scope: 'tenant' },
  async (context, _, { id }) =>
    Response.json(extractReading(await getExtract(context, { requestId: id }), context.now())),
);
