import { AwsError, type Operation, type RpcService, type StandIn } from '../core/service';
import { optionalText, structure, structures, texts } from '../wire/rpc-input';
import { pageOf } from '../wire/rpc-page';
import { costsOf, type GroupKey, groupKeys } from './costs';
import { checkPeriod, cut, granularities, invalid, isEstimated, type Period } from './periods';

type Input = Record<string, unknown>;

/** Cost Explorer bills each page of an answer. AWS doesn’t say how long one is. */
const pageSize = 500;
const hourMs = 3600_000;
/** How far costs are behind: on AWS up to 24 hours. */
const behindMs = hourMs / 6;

const metrics = [
  'AmortizedCost',
  'BlendedCost',
  'NetAmortizedCost',
  'NetUnblendedCost',
  'UnblendedCost',
] as const;

/** Cost Explorer (target `AWSInsightsIndexService`): what the accounts cost, by what ran in the other stand-ins. */
export function createCostExplorer(standIn: StandIn, now: () => number = Date.now): RpcService {
  return {
    name: 'ce',
    protocol: 'json-1.1',
    operations: { GetCostAndUsage: getCostAndUsage(standIn, now) },
  };
}

interface Row {
  readonly period: Period;
  readonly keys: readonly string[];
  readonly usd: number;
}

function getCostAndUsage(standIn: StandIn, clock: () => number): Operation {
  return async (input, caller) => {
    standIn.authorize(
      caller,
      'ce:GetCostAndUsage',
      `arn:aws:ce:us-east-1:${caller.accountId}:/GetCostAndUsage`,
    );
    const now = clock();
    const { period, granularity, asked, groupBy } = readInput(input, now);
    const until = now - behindOf(standIn.fault('cost-explorer.late', '*'));
    const rows: Row[] = [];
    const periods = cut(period, granularity);
    const costs = await costsOf(standIn, caller.accountId, periods, groupBy, until);
    for (const [at, each] of periods.entries()) {
      for (const { keys, usd } of costs[at] ?? []) rows.push({ period: each, keys, usd });
    }
    const keyOf = (row: Row) => JSON.stringify([row.period.start, ...row.keys]);
    const { items, next } = pageOf(rows, keyOf, optionalText(input, 'NextPageToken'), pageSize, () => {
      return new AwsError('InvalidNextTokenException', 'The pagination token is invalid.');
    });
    return {
      NextPageToken: next,
      GroupDefinitions: groupBy.map((Key) => ({ Type: 'DIMENSION', Key })),
      ResultsByTime: periods
        .map((each) => resultOf(each, items, asked, now, groupBy.length > 0))
        .filter(({ Groups }) => Groups.length > 0 || next === undefined),
      DimensionValueAttributes: [],
    };
  };
}

function resultOf(
  period: Period,
  rows: readonly Row[],
  asked: readonly string[],
  now: number,
  grouped: boolean,
) {
  const own = rows.filter((row) => row.period === period);
  const amounts = (usd: number) =>
    Object.fromEntries(asked.map((metric) => [metric, { Amount: usd.toFixed(10), Unit: 'USD' }]));
  return {
    TimePeriod: { Start: period.start, End: period.end },
    Total: grouped ? {} : amounts(own.reduce((sum, { usd }) => sum + usd, 0)),
    Groups: grouped ? own.map(({ keys, usd }) => ({ Keys: keys, Metrics: amounts(usd) })) : [],
    Estimated: isEstimated(period, now),
  };
}

function readInput(input: Input, now: number) {
  const given = structure(input, 'TimePeriod');
  const period = { start: optionalText(given, 'Start') ?? '', end: optionalText(given, 'End') ?? '' };
  checkPeriod(period, now);
  const granularity = granularities.find((each) => each === input.Granularity);
  if (!granularity) throw invalid(`Granularity must be one of ${granularities.join(', ')}.`);
  const asked = texts(input, 'Metrics');
  const unknown = asked.find((metric) => !metrics.some((each) => each === metric));
  if (asked.length === 0) throw invalid('Metrics must not be empty.');
  if (unknown !== undefined) throw invalid(`Invalid metric: ${unknown.slice(0, 40)}`);
  if (input.Filter !== undefined && input.Filter !== null) {
    throw new AwsError('NotImplemented', 'This stand-in knows no Filter.', 501);
  }
  return { period, granularity, asked, groupBy: groupsOf(input) };
}

function groupsOf(input: Input): readonly GroupKey[] {
  const given = structures(input, 'GroupBy');
  if (given.length > 2) throw invalid('The number of GroupBy definitions must not exceed 2.');
  return given.map((group) => {
    const key = groupKeys.find((each) => each === optionalText(group, 'Key'));
    if (optionalText(group, 'Type') === 'DIMENSION' && key) return key;
    throw invalid(`This stand-in groups by the dimensions ${groupKeys.join(' and ')} alone.`);
  });
}

/** By as many hours as the fault’s message says, which may be none; two days without a number. */
const behindOf = (fault: string | null): number => {
  if (fault === null) return behindMs;
  return (/^\d+$/.test(fault) ? Number(fault) : 48) * hourMs;
};
