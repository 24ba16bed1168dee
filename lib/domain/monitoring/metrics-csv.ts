import type { Figures } from './figures';

/**
 * RFC 4180 text of the figures, a line a period, oldest first. A cell is empty where there is no data point; `problems` names the
 * figures that CloudWatch refused, failed to give or gave in part (`errors denied; model partial`): there it is not known.
 */
export async function* metricsCsv(figures: Figures): AsyncGenerator<string> {
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
  const problems = Object.entries({
    invocations: invocations.problem,
    errors: errors.problem,
    success_rate: success.problem,
    model: model.problem,
    overhead: overhead.problem,
  })
    .flatMap(([name, problem]) => (problem ? [`${name} ${problem}`] : []))
    .join('; ');
  yield `${['period_start', 'period_seconds', ...columns.map(([name]) => name), 'problems'].join(',')}\r\n`;
  yield figures.times
    .map((at, index) => {
      const cells = columns.map(([, values]) => values[index] ?? '');
      return `${[new Date(at * 1000).toISOString(), figures.periodSeconds, ...cells, problems].join(',')}\r\n`;
    })
    .join('');
}
