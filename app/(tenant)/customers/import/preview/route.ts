import { orderHeadBytes } from '@/lib/domain/crm/ports';
import { previewOrders } from '@/lib/domain/crm/verbs/preview-orders';
import { AnnexError } from '@/lib/errors';
import { route } from '@/lib/server/route';
import { fields, readChoices, readingOfChoices } from '../fields';
import { type ImportPreview, previewOf } from '../preview-reading';

/**
 * What an import would make of the first lines of a file: the body, of which `whole=1` says that it is all. Without choices in the
 * address it proposes them.
 */
export const POST = route({ action: previewOrders.action, scope: 'tenant' }, async (context, request) => {
  const head = new Uint8Array(await request.arrayBuffer());
  if (head.byteLength > orderHeadBytes)
    throw new AnnexError('invalid', 'The beginning of the file is too long.');
  const { searchParams } = request.nextUrl;
  const whole = searchParams.get('whole') === '1';
  const chosen = searchParams.has(fields.separator) ? readChoices(searchParams) : null;
  const reading = chosen && readingOfChoices(chosen);
  const preview = await previewOrders(context, {
    head,
    whole,
    ...(chosen && {
      separator: chosen.separator,
      columns: { orderedAt: chosen.orderedAt, amount: chosen.amount },
    }),
    ...(reading ? { reading } : {}),
    proposed: chosen === null,
  });
  return Response.json(previewOf(preview) satisfies ImportPreview);
});
