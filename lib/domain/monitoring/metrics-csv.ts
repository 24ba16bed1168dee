import { type CsvColumn, csvLines } from '../csv';
import type { Figures } from './figures';

/** A period: its index in every series. */
interface Period {
  readonly index: number;
  readonly at: Date;
}

/**
 * The figures as CSV, one line per period, oldest first. A cell is empty where there is no data point; `problems` names the
 * figures that CloudWatch refused, failed to return or returned in part (`errors denied; model partial`): those are unknown
 * there.
 */
export function metricsCsv(figures: Figures): AsyncGenerator<string> {
  const { times, periodSeconds, invocations, errors, success, model, overhead } = figures;
  const problems = problemsOf(figures);
  const columns: readonly CsvColumn<Period>[] = [
    { name: 'period_start', value: ({ at }) => at },
    { name: 'period_seconds', value: () => periodSeconds },
    series('invocations', invocations.values),
    series('errors_4xx', errors.client),
    series('errors_5xx', errors.server),
    series('errors', errors.values),
    series('success_rate', success.values),
    series('model_p50_ms', model.p50),
    series('model_p90_ms', model.p90),
    series('model_p99_ms', model.p99),
    series('overhead_p50_ms', overhead.p50),
    series('overhead_p90_ms', overhead.p90),
    series('overhead_p99_ms', overhead.p99),
    { name: 'problems', value: () => problems },
  ];
  return csvLines(
    columns,
    times.map((second, index) => ({ index, at: new Date(second * 1000) })),
  );
}

const series = (name: string, values: readonly (number | null)[]): CsvColumn<Period> => ({
  name,
  value: ({ index }) => values[index],
});

const problemsOf = ({ invocations, errors, success, model, overhead }: Figures): string =>
  Object.entries({
    invocations: invocations.problem,
    errors: errors.problem,
    success_rate: success.problem,
    model: model.problem,
    overhead: overhead.problem,
  })
    .flatMap(([name, problem]) => (problem ? [`${name} ${problem}`] : []))
    .join('; ');
