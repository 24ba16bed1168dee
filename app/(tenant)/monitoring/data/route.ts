import { getMetrics } from '@/lib/domain/monitoring/verbs/get-metrics';
import { route } from '@/lib/server/route';
import { liveView, waitingView } from '../live-view';
import { readView } from '../view';

/** The newest view of an endpoint's metrics, or what the page waits for while there is no endpoint to show. */
export const GET = route({ action: getMetrics.action, scope: 'tenant' }, async (context, request) => {
  const view = await getMetrics(context, readView(Object.fromEntries(request.nextUrl.searchParams)));
  const now = context.now();
  return Response.json(view.state === 'endpoint' ? liveView(view, now) : waitingView(view, now));
});
