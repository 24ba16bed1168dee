import { createHash } from 'node:crypto';
import { AwsError, type Caller, type StandIn } from '../core/service';
import { optionalText, structure, structures } from '../wire/rpc-input';
import {
  badCombination,
  badRequest,
  dimensionsOf,
  flag,
  type Input,
  invalid,
  numberOf,
  optionalUnit,
  periodOf,
  requiredText,
  requiredTime,
} from './input';
import { evaluate } from './math';
import { type Expression, idsIn, parseExpression } from './math-parse';
import { isSeries, type MathScope, type Series } from './math-values';
import type { Metric } from './metric';
import { floorTo } from './resolutions';
import { type Statistic, statisticOf } from './statistics';
import type { MetricStore } from './store';

const maxQueries = 500;
const maxDatapoints = 100_800;

interface Query {
  readonly id: string;
  readonly label: string;
  readonly returned: boolean;
  readonly source:
    | {
        readonly kind: 'metric';
        readonly metric: Metric;
        readonly period: number;
        readonly statistic: Statistic;
        readonly unit: string | undefined;
      }
    | { readonly kind: 'expression'; readonly expression: Expression };
}

interface Window {
  readonly start: number;
  readonly end: number;
}

/** `GetMetricData`. The time of a data point is the beginning of its period, a multiple of the period since the epoch. */
export async function getMetricData(
  standIn: StandIn,
  store: MetricStore,
  input: Input,
  caller: Caller,
): Promise<object> {
  standIn.authorize(caller, 'cloudwatch:GetMetricData', '*');
  const window = windowOf(input);
  const queries = queriesOf(input, { accountId: caller.accountId, region: standIn.region });
  structure(input, 'LabelOptions');
  const ascending = scanOrder(input);
  const most =
    input.MaxDatapoints === undefined ? maxDatapoints : numberOf(input.MaxDatapoints, 'MaxDatapoints');
  if (!Number.isInteger(most) || most < 1 || most > maxDatapoints) {
    throw invalid(`The parameter MaxDatapoints must be from 1 to ${maxDatapoints}.`);
  }
  const found = await resultsOf(store, queries, window);
  const returned = queries
    .filter((query) => query.returned)
    .map((query) => ({ query, points: pointsOf(found, query.id, ascending) }));
  return pageOf(returned, ascending, most, tokenOf(input));
}

function windowOf(input: Input): Window {
  const start = requiredTime(input, 'StartTime');
  const end = requiredTime(input, 'EndTime');
  if (start < end) return { start, end };
  throw badRequest('The parameter EndTime must be greater than StartTime.');
}

function scanOrder(input: Input): boolean {
  const order = optionalText(input, 'ScanBy') ?? 'TimestampDescending';
  if (order === 'TimestampAscending' || order === 'TimestampDescending')
    return order === 'TimestampAscending';
  throw invalid(`The value ${order} for parameter ScanBy is invalid.`);
}

function queriesOf(input: Input, place: Pick<Metric, 'accountId' | 'region'>): readonly Query[] {
  const given = structures(input, 'MetricDataQueries');
  if (given.length === 0) throw badRequest('The collection MetricDataQueries must not be empty.');
  if (given.length > maxQueries)
    throw badRequest(`The collection MetricDataQueries has at most ${maxQueries} members.`);
  const queries = given.map((query) => queryOf(query, place));
  const ids = new Set(queries.map(({ id }) => id));
  if (ids.size !== queries.length) throw badRequest('The ids of MetricDataQueries must be unique.');
  if (!queries.some(({ returned }) => returned)) throw badRequest('At least one query must return data.');
  for (const { source } of queries) {
    const missing =
      source.kind === 'expression' &&
      idsIn(source.expression).find((id) => !ids.has(id) && !/^(REPEAT|LINEAR)$/i.test(id));
    if (missing) throw badRequest(`There is no metric or expression with the id ${missing}.`);
  }
  return queries;
}

function queryOf(input: Input, place: Pick<Metric, 'accountId' | 'region'>): Query {
  const id = requiredText(input, 'Id');
  if (!/^[a-z][A-Za-z0-9_]{0,254}$/.test(id))
    throw badRequest(`The value '${id}' for the Id of a query is not valid.`);
  const stat = structure(input, 'MetricStat');
  const expression = optionalText(input, 'Expression');
  if (Object.keys(stat).length > 0 === (expression !== undefined)) {
    throw badCombination(`The query ${id} needs either MetricStat or Expression, and not both.`);
  }
  const other = optionalText(input, 'AccountId');
  if (other !== undefined && other !== place.accountId) {
    throw new AwsError('AccessDeniedException', `The account ${other} does not share its metrics.`);
  }
  const returned = flag(input, 'ReturnData', true);
  const label = optionalText(input, 'Label');
  if (expression !== undefined) {
    const source = { kind: 'expression', expression: parseExpression(expression) } as const;
    return { id, label: label ?? id, returned, source };
  }
  const metric = structure(stat, 'Metric');
  const name = requiredText(metric, 'MetricName');
  return {
    id,
    label: label ?? name,
    returned,
    source: {
      kind: 'metric',
      metric: {
        ...place,
        namespace: requiredText(metric, 'Namespace'),
        name,
        dimensions: dimensionsOf(structures(metric, 'Dimensions')),
      },
      period: periodOf(stat),
      statistic: statisticOf(requiredText(stat, 'Stat')),
      unit: optionalUnit(stat),
    },
  };
}

async function resultsOf(
  store: MetricStore,
  queries: readonly Query[],
  { start, end }: Window,
): Promise<ReadonlyMap<string, Series>> {
  await store.flush();
  const done = new Map<string, Series>();
  const buckets = new Map<string, ReturnType<MetricStore['read']>>();
  for (const { id, source } of queries) {
    if (source.kind !== 'metric') continue;
    const { metric, period, statistic, unit } = source;
    // Several statistics of one metric use the same buckets.
    const key = JSON.stringify([metric, period, unit]);
    const read = buckets.get(key) ?? store.read(metric, unit, period, floorTo(start, period), end);
    buckets.set(key, read);
    const points = new Map<number, number>();
    for (const [at, bucket] of [...(await read)].sort(([a], [b]) => a - b)) {
      const value = statistic(bucket);
      if (value !== null) points.set(at, value);
    }
    done.set(id, { period, points });
  }
  evaluateAll(queries, done, { start, end });
  return done;
}

/** Expressions may use each other's results, in any order. */
function evaluateAll(queries: readonly Query[], done: Map<string, Series>, { start, end }: Window): void {
  const metrics = queries.filter(({ source }) => source.kind === 'metric').map(({ id }) => id);
  const under = new Set<string>();
  const now = Date.now() / 1000;
  const scope: MathScope = {
    times(period) {
      const first = floorTo(start, period);
      const count = Math.max(0, Math.ceil((Math.min(end, now) - first) / period));
      if (count > maxDatapoints) throw badRequest('The period is too short for the time asked for.');
      return Array.from({ length: count }, (_, index) => first + index * period);
    },
    find: seriesOf,
    metrics: (part) =>
      metrics.filter((id) => part === undefined || id.includes(part)).flatMap((id) => done.get(id) ?? []),
  };
  function seriesOf(id: string): Series | undefined {
    const known = done.get(id);
    const query = queries.find((each) => each.id === id);
    if (known || query?.source.kind !== 'expression') return known;
    if (under.has(id)) throw badRequest(`The expression ${id} refers to itself.`);
    under.add(id);
    const value = evaluate(query.source.expression, scope);
    if (!isSeries(value))
      throw badRequest(`Error in expression '${id}': it must return a single time series.`);
    done.set(id, value);
    return value;
  }
  for (const { id } of queries) seriesOf(id);
}

type Point = readonly [at: number, value: number];

function pointsOf(found: ReadonlyMap<string, Series>, id: string, ascending: boolean): readonly Point[] {
  const points = [...(found.get(id)?.points ?? [])].sort(([a], [b]) => a - b);
  return ascending ? points : points.reverse();
}

interface Token {
  readonly after: number;
  readonly request: string;
}

/** Where the page begins, from the token of an earlier response. A token is valid only for the same request. */
function tokenOf(input: Input): Token {
  const { NextToken: token, ...rest } = input;
  const request = createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 16);
  if (token === undefined || token === null) return { after: 0, request };
  const [after = '', of] = Buffer.from(String(token), 'base64url').toString('utf8').split('/');
  if (/^\d{1,9}$/.test(after) && of === request) return { after: Number(after), request };
  throw new AwsError('InvalidNextToken', 'The next token specified is invalid.');
}

/** One page of the data points of all queries, in order of time. */
function pageOf(
  results: readonly { readonly query: Query; readonly points: readonly Point[] }[],
  ascending: boolean,
  most: number,
  { after, request }: Token,
): object {
  const order = results
    .flatMap(({ points }, result) => points.map(([at], index) => ({ result, index, at })))
    .sort((a, b) => (ascending ? a.at - b.at : b.at - a.at) || a.result - b.result);
  const page = order.slice(after, after + most);
  const MetricDataResults = results.map(({ query, points }, result) => {
    const indexes = page.filter((each) => each.result === result).map(({ index }) => index);
    const shown = points.slice(indexes[0] ?? 0, (indexes.at(-1) ?? -1) + 1);
    const more = order.slice(after + most).some((each) => each.result === result);
    return {
      Id: query.id,
      Label: query.label,
      Timestamps: shown.map(([at]) => new Date(at * 1000)),
      Values: shown.map(([, value]) => value),
      StatusCode: more ? 'PartialData' : 'Complete',
    };
  });
  const next = after + most;
  if (next >= order.length) return { MetricDataResults, Messages: [] };
  return {
    MetricDataResults,
    Messages: [],
    NextToken: Buffer.from(`${next}/${request}`).toString('base64url'),
  };
}
