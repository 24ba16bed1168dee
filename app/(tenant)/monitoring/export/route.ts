import { metricsCsv } from '@/lib/domain/monitoring/metrics-csv';
import { type EndpointMetricsView, getMetrics } from '@/lib/domain/monitoring/verbs/get-metrics';
import { AnnexError } from '@/lib/errors';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { nothingListed } from '../panels';
import { readView } from '../view';

/** Every period of the view as CSV, oldest first. */
export const GET = route({ action: getMetrics.action, scope: 'tenant' }, async (context, request) => {
  const view = await getMetrics(context, readView(Object.fromEntries(request.nextUrl.searchParams)));
  if (view.state !== 'endpoint') throw new AnnexError('not_found', 'There is no endpoint to export.');
  const { metrics } = view;
  if (metrics.state === 'failed') throw new AnnexError(metrics.failure.code, metrics.failure.message);
  if (metrics.state === 'nothing') throw new AnnexError('not_found', nothingListed);
  return csvDownload(
    context,
    request,
    {
      parts: ['metrics', view.chosen.endpointName, view.variant ?? undefined, chosenTime(view)],
      at: context.now(),
      subject: `endpoint/${view.chosen.endpointName}/metrics`,
      filter: { variant: view.variant, range: chosenTime(view) },
    },
    metricsCsv(metrics.figures),
  );
});

/** The range, or the two instants. */
const chosenTime = ({ range, window: { pinned, start, end } }: EndpointMetricsView): string =>
  pinned ? [start, end].map((at) => at.toISOString().slice(0, 16).replace(':', '')).join('-to-') : range;
