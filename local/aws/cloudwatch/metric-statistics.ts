import type { Caller, StandIn } from '../core/service';
import { optionalText, structures, texts } from '../wire/rpc-input';
import {
  badCombination,
  dimensionsOf,
  type Input,
  invalid,
  optionalUnit,
  periodOf,
  requiredText,
  requiredTime,
} from './input';
import { floorTo } from './resolutions';
import { simpleStatistics, statisticOf } from './statistics';
import type { MetricStore } from './store';

const maxDatapoints = 1440;

/**
 * `GetMetricStatistics`. Periods begin at StartTime, rounded down to a minute, or to a second for periods below a
 * minute.
 */
export async function getMetricStatistics(
  standIn: StandIn,
  store: MetricStore,
  input: Input,
  caller: Caller,
): Promise<object> {
  standIn.authorize(caller, 'cloudwatch:GetMetricStatistics', '*');
  const name = requiredText(input, 'MetricName');
  const period = periodOf(input);
  const start = floorTo(requiredTime(input, 'StartTime'), Math.min(60, period));
  const end = requiredTime(input, 'EndTime');
  if (start >= end) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if ((end - start) / period > maxDatapoints) {
    throw badCombination(
      `You have requested up to ${Math.ceil((end - start) / period)} datapoints, which exceeds the limit of ${maxDatapoints}.`,
    );
  }
  const simple = texts(input, 'Statistics');
  const extended = texts(input, 'ExtendedStatistics');
  if ((simple.length === 0) === (extended.length === 0)) {
    throw badCombination('Either Statistics or ExtendedStatistics must be given, and not both.');
  }
  for (const each of simple) {
    if (!simpleStatistics.has(each)) throw invalid(`The value ${each} for parameter Statistics is invalid.`);
  }
  for (const each of extended) statisticOf(each);
  const metric = {
    accountId: caller.accountId,
    region: standIn.region,
    namespace: requiredText(input, 'Namespace'),
    name,
    dimensions: dimensionsOf(structures(input, 'Dimensions')),
  };
  await store.flush();
  const units = await unitsOf(store, metric.accountId, metric.namespace, name, optionalUnit(input));
  const Datapoints: object[] = [];
  for (const unit of units) {
    for (const [at, bucket] of await store.read(metric, unit, period, start, end)) {
      const figure = (stat: string) => [stat, statisticOf(stat)(bucket)] as const;
      const known = extended.map(figure).filter(([, value]) => value !== null);
      if (extended.length > 0 && known.length === 0) continue;
      Datapoints.push({
        Timestamp: new Date(at * 1000),
        ...Object.fromEntries(simple.map(figure)),
        Unit: unit,
        ...(extended.length > 0 ? { ExtendedStatistics: Object.fromEntries(known) } : {}),
      });
    }
  }
  return { Label: optionalText(input, 'MetricName'), Datapoints };
}

/** Data of different units are never combined here: each unit has its own data points. */
async function unitsOf(
  store: MetricStore,
  accountId: string,
  namespace: string,
  name: string,
  asked: string | undefined,
): Promise<readonly string[]> {
  if (asked !== undefined) return [asked];
  const records = await store.metrics(accountId, namespace, name);
  return [...new Set(records.flatMap(({ units }) => units))].sort();
}
