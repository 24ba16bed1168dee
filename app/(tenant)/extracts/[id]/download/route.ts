import { downloadExtract } from '@/lib/domain/extracts/verbs/download-extract';
import { pageRoute } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';

/**
 * Sends the browser to the file in the tenant's bucket by an address that lasts minutes: never cached, never told to whoever
 * comes after. A failure is explained by the extract's page.
 */
export const GET = pageRoute<'tenant', { id: string }>(
  { action: downloadExtract.action, scope: 'tenant' },
  async (context, _request, { id }) => seeOther((await downloadExtract(context, { requestId: id })).url),
  ({ code }, _request, { id }) => {
    const page = `/extracts/${encodeURIComponent(id)}`;
    return seeOther(code === 'not_found' || code === 'unauthenticated' ? page : `${page}?download=${code}`);
  },
);
