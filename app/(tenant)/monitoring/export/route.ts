import type { Figures } from '@/lib/domain/monitoring/figures';
import { getMetrics } from '@/lib/domain/monitoring/get-metrics';
import { AnnexError } from '@/lib/errors';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { readView } from '../view';

/** Every period of the view as CSV, oldest first; a cell is empty where CloudWatch has no data point. */
export const GET = route({ action: getMetrics.action, scope: 'tenant' }, async (context, request) => {
  const view = await getMetrics(context, readView(Object.fromEntries(request.nextUrl.searchParams)));
  if (view.state !== 'endpoint') throw new AnnexError('not_found', 'There is no endpoint to export.');
  const { metrics } = view;
  if (metrics.state === 'failed') throw new AnnexError(metrics.failure.code, metrics.failure.message);
  if (metrics.state === 'nothing')
    throw new AnnexError('not_found', 'CloudWatch has nothing on this endpoint.');
  return csvDownload(
    ['metrics', view.model.endpointName, view.variant ?? undefined, view.range],
    context.now(),
    metricsCsv(metrics.figures),
  );
});

async function* metricsCsv(figures: Figures): AsyncGenerator<string> {
  const { invocations, errors, success, model, overhead } = figures;
  const columns: readonly (readonly [name: string, values: readonly (number | null)[]])[] = [
    ['invocations', invocations.values],
    ['errors_4xx', errors.client],
    ['errors_5xx', errors.server],
    ['errors', errors.values],
    ['success_rate', success.values],
    ['model_p50_ms', model.p50],
    ['model_p90_ms', model.p90],
    ['model_p99_ms', model.p99],
    ['overhead_p50_ms', overhead.p50],
    ['overhead_p90_ms', overhead.p90],
    ['overhead_p99_ms', overhead.p99],
  ];
  yield `${['period_start', 'period_seconds', ...columns.map(([name]) => name)].join(',')}\r\n`;
  yield figures.times
    .map((at, index) => {
      const cells = columns.map(([, values]) => values[index] ?? '');
      return `${[new Date(at * 1000).toISOString(), figures.periodSeconds, ...cells].join(',')}\r\n`;
    })
    .join('');
}
