import type { NextRequest } from 'next/server';
import { downloadExtract } from '@/lib/domain/extracts/verbs/download-extract';
import type { Problem } from '@/lib/server/problem';
import { route } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';

const access = { action: downloadExtract.action, scope: 'tenant' } as const;

const download = route<'tenant', { id: string }>(access, async (context, _request, { id }) => {
  const { url } = await downloadExtract(context, { requestId: id });
  return seeOther(url);
});

type RouteContext = Parameters<typeof download>[1];

/**
 * Redirects the browser to the file in the tenant's bucket by a URL that is valid for minutes, is never cached and is
 * not sent as a referrer. People follow this link, so failures are shown on the extract's page, not as a problem
 * document.
 */
export const GET = Object.assign(async (request: NextRequest, context: RouteContext): Promise<Response> => {
  const response = await download(request, context);
  if (response.status < 400) return response;
  const { code } = (await response.json()) as Problem;
  const page = `/extracts/${encodeURIComponent((await context.params).id)}`;
  return seeOther(code === 'not_found' || code === 'unauthenticated' ? page : `${page}?download=${code}`);
}, access);
