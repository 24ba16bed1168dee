import { getMetrics } from '@/lib/domain/monitoring/verbs/get-metrics';
import { AnnexError } from '@/lib/errors';
import { route } from '@/lib/server/route';
import { liveView } from '../live-view';
import { readView } from '../view';

/** The newest view of an endpoint's metrics. Not found when no endpoint is left to show. */
export const GET = route({ action: getMetrics.action, scope: 'tenant' }, async (context, request) => {
  const view = await getMetrics(context, readView(Object.fromEntries(request.nextUrl.searchParams)));
  if (view.state !== 'endpoint') throw new AnnexError('not_found', 'There is no endpoint to show.');
  return Response.json(liveView(view, context.now()));
});
