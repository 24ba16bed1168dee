import { type CsvColumn, csvLines } from '../csv';
import { ownCallKinds } from '../models/inference-id';
import type { Figures } from './figures';
import type { Traffic } from './traffic';

/** A period: its index in every series. */
interface Period {
  readonly index: number;
  readonly at: Date;
}

/**
 * The figures as CSV, one line per period, oldest first. A cell is empty where there is no data point; `problems` names the
 * figures that CloudWatch refused, failed to return or returned in part (`errors denied; model partial`): those are unknown
 * there. The columns of applications are empty where Annex's own calls cannot be told from theirs.
 */
export function metricsCsv(figures: Figures): AsyncGenerator<string> {
  const { times, periodSeconds, all, own, model, overhead } = figures;
  const apps = typeof figures.apps === 'string' ? null : figures.apps;
  const problems = problemsOf(figures);
  const columns: readonly CsvColumn<Period>[] = [
    { name: 'period_start', value: ({ at }) => at },
    { name: 'period_seconds', value: () => periodSeconds },
    ...trafficColumns('', all),
    ...trafficColumns('applications_', apps),
    ...ownCallKinds.flatMap((kind) => [
      ...trafficColumns(`${names[kind]}_`, own[kind]),
      series(`${names[kind]}_unanswered`, own[kind].unanswered),
    ]),
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

const names = { scoring: 'scoring', look: 'health_checks', test: 'contract_tests' } as const;

const trafficColumns = (prefix: string, traffic: Traffic | null): readonly CsvColumn<Period>[] => [
  series(`${prefix}invocations`, traffic?.calls.values ?? []),
  series(`${prefix}errors_4xx`, traffic?.client ?? []),
  series(`${prefix}errors_5xx`, traffic?.server ?? []),
  series(`${prefix}errors`, traffic?.errors.values ?? []),
  series(`${prefix}success_rate`, traffic?.success.values ?? []),
];

const series = (name: string, values: readonly (number | null)[]): CsvColumn<Period> => ({
  name,
  value: ({ index }) => values[index],
});

const problemsOf = ({ all, apps, own, model, overhead }: Figures): string =>
  Object.entries({
    invocations: all.calls.problem,
    errors: all.errors.problem,
    success_rate: all.success.problem,
    applications: typeof apps === 'string' ? apps : apps.success.problem,
    scoring: own.scoring.success.problem,
    health_checks: own.look.success.problem,
    contract_tests: own.test.success.problem,
    model: model.problem,
    overhead: overhead.problem,
  })
    .flatMap(([name, problem]) => (problem ? [`${name} ${problem}`] : []))
    .join('; ');
