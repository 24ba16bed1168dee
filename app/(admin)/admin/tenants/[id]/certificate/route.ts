import { getClosing } from '@/lib/domain/closing/verbs/get-closing';
import { AnnexError } from '@/lib/errors';
import { route } from '@/lib/server/route';

/** The certificate of a closed tenant, byte by byte as it was hashed. */
export const GET = route<'control', { readonly id: string }>(
  { action: getClosing.action, scope: 'control' },
  async (context, _, { id }) => {
    const { closing } = await getClosing(context, { tenantId: id });
    if (!closing?.certificate)
      throw new AnnexError('not_found', 'This tenant has no certificate of deletion.');
    return new Response(closing.certificate.text, {
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="deletion-${closing.tenantId}.json"`,
      },
    });
  },
);
