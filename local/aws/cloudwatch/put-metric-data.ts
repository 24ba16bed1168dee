import type { Caller, StandIn } from '../core/service';
import { structure, structures } from '../wire/rpc-input';
import {
  badCombination,
  dimensionsOf,
  type Input,
  invalid,
  metricValue,
  numberOf,
  numbers,
  optionalTime,
  optionalUnit,
  requiredText,
} from './input';
import type { Metric } from './metric';
import { addStatisticSet, addValue, type Sketch } from './sketch';
import type { MetricStore } from './store';

const day = 86_400;
const maxMetrics = 1000;
const maxValues = 150;

interface Datum {
  readonly metric: Metric;
  readonly unit: string;
  readonly at: number;
  readonly highResolution: boolean;
  add(bucket: Sketch): void;
}

/** `PutMetricData`: checks all data before it stores any, and responds once they are on disk. */
export async function putMetricData(
  standIn: StandIn,
  store: MetricStore,
  input: Input,
  caller: Caller,
): Promise<object> {
  standIn.authorize(caller, 'cloudwatch:PutMetricData', '*', {
    'cloudwatch:namespace': requiredText(input, 'Namespace'),
  });
  const place = {
    accountId: caller.accountId,
    region: standIn.region,
    namespace: namespaceOf(requiredText(input, 'Namespace')),
  };
  const entities = structures(input, 'EntityMetricData').flatMap((entity) =>
    structures(entity, 'MetricData'),
  );
  const given = [...structures(input, 'MetricData'), ...entities];
  if (given.length === 0) throw invalid('The collection MetricData must not be empty.');
  if (given.length > maxMetrics)
    throw invalid(`The collection MetricData has at most ${maxMetrics} members.`);
  const now = Date.now() / 1000;
  const data = given.map((datum) => datumOf(datum, place, now));
  for (const { metric, unit, at, highResolution, add } of data) {
    store.put(metric, unit, at, highResolution, add);
  }
  await store.flush();
  return {};
}

function namespaceOf(namespace: string): string {
  // `AWS/…` is for AWS's own services: nobody else can put what they measured.
  const own = !namespace.startsWith('AWS/');
  if (own && namespace.length <= 255 && /^[^:\p{Cc}][^\p{Cc}]*$/u.test(namespace)) return namespace;
  throw invalid(`The value ${namespace} for parameter Namespace is invalid.`);
}

function datumOf(
  datum: Input,
  place: Pick<Metric, 'accountId' | 'region' | 'namespace'>,
  now: number,
): Datum {
  const at = optionalTime(datum, 'Timestamp') ?? now;
  if (at < now - 14 * day || at > now + 2 * 3600) {
    throw invalid(
      `The parameter Timestamp must specify a time no more than two weeks in the past and two hours ahead.`,
    );
  }
  const resolution =
    datum.StorageResolution === undefined ? 60 : numberOf(datum.StorageResolution, 'StorageResolution');
  if (resolution !== 1 && resolution !== 60)
    throw invalid('The parameter StorageResolution must be 1 or 60.');
  return {
    metric: {
      ...place,
      name: requiredText(datum, 'MetricName'),
      dimensions: dimensionsOf(structures(datum, 'Dimensions')),
    },
    unit: optionalUnit(datum) ?? 'None',
    at,
    highResolution: resolution === 1,
    add: samplesOf(datum),
  };
}

/** What a datum adds to a bucket: one value, values with their counts, or a statistic set. */
function samplesOf(datum: Input): (bucket: Sketch) => void {
  const forms = ['Value', 'Values', 'StatisticValues'].filter((name) => (datum[name] ?? null) !== null);
  if (forms.length !== 1) {
    throw badCombination(
      'Exactly one of the parameters Value, Values and StatisticValues must be specified.',
    );
  }
  if (forms[0] === 'Value') {
    const value = metricValue(datum.Value, 'Value');
    return (bucket) => addValue(bucket, value);
  }
  return forms[0] === 'Values' ? manyValues(datum) : statisticSet(datum);
}

function manyValues(datum: Input): (bucket: Sketch) => void {
  const values = numbers(datum, 'Values') ?? [];
  const counts = numbers(datum, 'Counts') ?? values.map(() => 1);
  if (values.length === 0 || values.length > maxValues) {
    throw invalid(`The collection Values must have from 1 to ${maxValues} members.`);
  }
  if (counts.length !== values.length || counts.some((count) => count < 0)) {
    throw invalid('The collection Counts must have one member that is not negative for each of Values.');
  }
  return (bucket) => {
    for (const [index, value] of values.entries()) addValue(bucket, value, counts[index] ?? 1);
  };
}

function statisticSet(datum: Input): (bucket: Sketch) => void {
  const given = structure(datum, 'StatisticValues');
  const set = {
    count: metricValue(given.SampleCount, 'SampleCount'),
    sum: metricValue(given.Sum, 'Sum'),
    min: metricValue(given.Minimum, 'Minimum'),
    max: metricValue(given.Maximum, 'Maximum'),
  };
  if (set.count <= 0) throw invalid('The parameter SampleCount must be greater than 0.');
  if (set.min > set.max) throw invalid('The parameter Maximum must be greater than or equal to Minimum.');
  return (bucket) => addStatisticSet(bucket, set);
}
