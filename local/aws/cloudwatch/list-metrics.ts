import { AwsError, type Caller, type StandIn } from '../core/service';
import { optionalText, structures } from '../wire/rpc-input';
import { pageOf } from '../wire/rpc-page';
import { type Input, invalid, requiredText } from './input';
import { metricKey } from './metric';
import type { MetricRecord, MetricStore } from './store';

const pageSize = 500;
const twoWeeks = 14 * 86_400;
const recently = 3 * 3600;

/**
 * `ListMetrics`: metrics with data of the last two weeks, or of the last three hours. New metrics appear at once; on
 * AWS that may take minutes.
 */
export async function listMetrics(
  standIn: StandIn,
  store: MetricStore,
  input: Input,
  caller: Caller,
): Promise<object> {
  standIn.authorize(caller, 'cloudwatch:ListMetrics', '*');
  const namespace = optionalText(input, 'Namespace');
  const name = optionalText(input, 'MetricName');
  const active = optionalText(input, 'RecentlyActive');
  if (active !== undefined && active !== 'PT3H')
    throw invalid(`The value ${active} for parameter RecentlyActive is invalid.`);
  const dimensions = structures(input, 'Dimensions').map((dimension) => ({
    name: requiredText(dimension, 'Name'),
    value: optionalText(dimension, 'Value'),
  }));
  await store.flush();
  const since = Date.now() / 1000 - (active ? recently : twoWeeks);
  const found = (
    await store.metrics(caller.accountId, ...(namespace === undefined ? [] : [namespace]))
  ).filter(
    ({ metric, newest }) =>
      newest >= since &&
      (name === undefined || metric.name === name) &&
      dimensions.every((asked) =>
        metric.dimensions.some((has) => has.name === asked.name && (asked.value ?? has.value) === has.value),
      ),
  );
  const page = pageOf(
    found,
    ({ metric }) => metricKey(metric),
    optionalText(input, 'NextToken'),
    pageSize,
    () => new AwsError('InvalidNextToken', 'The next token specified is invalid.'),
  );
  return { Metrics: page.items.map(metricView), NextToken: page.next };
}

const metricView = ({ metric }: MetricRecord): object => ({
  Namespace: metric.namespace,
  MetricName: metric.name,
  Dimensions: metric.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
});
