import { downloadExtract } from '@/lib/domain/extracts/verbs/download-extract';
import { pageRoute } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';

/**
 * Redirects the browser to the file in the tenant's bucket by a URL that is valid for minutes, is never cached and is not sent as
 * a referrer. People follow this link, so failures are shown on the extract's page.
 */
export const GET = pageRoute<'tenant', { id: string }>(
  { action: downloadExtract.action, scope: 'tenant' },
  async (context, _request, { id }) => seeOther((await downloadExtract(context, { requestId: id })).url),
  ({ code }, _request, { id }) => {
    const page = `/extracts/${encodeURIComponent(id)}`;
    return seeOther(code === 'not_found' || code === 'unauthenticated' ? page : `${page}?download=${code}`);
  },
);
