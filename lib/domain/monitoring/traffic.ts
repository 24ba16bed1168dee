import { type OwnCallKind, ownCallKinds } from '../models/inference-id';
import type { EndpointReading, MetricSeries } from './ports';

export type Values = readonly (number | null)[];
export type Problem = MetricSeries['problem'];

/** A value per period, and over all of them: null if a problem hides any part of it, or where there is none. */
export interface Counted {
  readonly values: Values;
  readonly total: number | null;
  readonly problem: Problem;
}

/** The calls of one caller, or of all. */
export interface Traffic {
  readonly calls: Counted;
  readonly client: Values;
  readonly server: Values;
  /** Calls of Annex that it stopped waiting for; none for other callers. */
  readonly unanswered: Values;
  /** 4XX, 5XX and unanswered calls; null where any of them could not be read. */
  readonly errors: Counted;
  /** Shares in [0, 1]. */
  readonly success: Counted;
}

/** All calls as SageMaker counts them, and whose they were. */
export interface Callers {
  readonly all: Traffic;
  readonly own: Readonly<Record<OwnCallKind, Traffic>>;
  /**
   * What is left without Annex's own calls: those of the tenant's applications. `several_variants`: nobody knows which variant
   * refused a call, so Annex's calls cannot be taken from one of them. A problem: Annex's own calls are not known completely.
   */
  readonly apps: Traffic | 'several_variants' | Exclude<Problem, null>;
}

const noSeries: MetricSeries = { values: [], problem: null };

/** Tells the callers of a reading apart. `severalVariants`: more than one variant of the endpoint responds. */
export function callersOf(
  { series }: Pick<EndpointReading, 'series'>,
  periods: number,
  severalVariants: boolean,
): Callers {
  const all = trafficOf(
    { calls: series.invocations, client: series.errors4xx, server: series.errors5xx, unanswered: noSeries },
    periods,
  );
  const recorded = (kind: OwnCallKind) => ({
    calls: series[`${kind}Calls`],
    client: series[`${kind}Errors4xx`],
    server: series[`${kind}Errors5xx`],
    unanswered: series[`${kind}Unanswered`],
  });
  const own = Object.fromEntries(
    ownCallKinds.map((kind) => [kind, trafficOf(recorded(kind), periods)]),
  ) as Callers['own'];
  const unread = worst(
    ...ownCallKinds.flatMap((kind) => Object.values(recorded(kind)).map(({ problem }) => problem)),
  );
  if (severalVariants) return { all, own, apps: 'several_variants' };
  if (unread) return { all, own, apps: unread };
  const rest = (measured: MetricSeries, of: 'calls' | 'client' | 'server') => ({
    values: without(
      measured.values,
      ownCallKinds.map((kind) => recorded(kind)[of].values),
    ),
    problem: measured.problem,
  });
  const apps = trafficOf(
    {
      calls: rest(series.invocations, 'calls'),
      client: rest(series.errors4xx, 'client'),
      server: rest(series.errors5xx, 'server'),
      unanswered: noSeries,
    },
    periods,
  );
  return { all, own, apps };
}

/**
 * What is left of `measured` without `own`, per period, never below 0. SageMaker and Annex may date the same call on different
 * sides of a period's edge. So what Annex counted too much in one period is taken from the one before and the one after. The rest
 * of it, which SageMaker never counted, is dropped.
 */
export function without(measured: Values, own: readonly Values[]): Values {
  const left = measured.map((value, at) =>
    own.reduce((rest, values) => rest - (values[at] ?? 0), value ?? 0),
  );
  for (const [at, value] of left.entries()) {
    let excess = -value;
    if (excess <= 0) continue;
    for (const beside of [at - 1, at + 1]) {
      const taken = Math.min(excess, Math.max(0, left[beside] ?? 0));
      if (taken <= 0) continue;
      left[beside] = (left[beside] ?? 0) - taken;
      excess -= taken;
    }
    left[at] = 0;
  }
  return left.map((value, at) => ((measured[at] ?? null) === null ? null : value));
}

interface Recorded {
  readonly calls: MetricSeries;
  readonly client: MetricSeries;
  readonly server: MetricSeries;
  readonly unanswered: MetricSeries;
}

function trafficOf({ calls, client, server, unanswered }: Recorded, periods: number): Traffic {
  const indexes = Array.from({ length: periods }, (_, at) => at);
  const errors = indexes.map((at) => errorsOf(at, calls, [client, server, unanswered]));
  const problem = worst(client.problem, server.problem, unanswered.problem);
  const called = calls.problem ? null : totalOf(calls.values);
  const failed = problem ? null : totalOf(errors);
  return {
    calls: { values: calls.values, total: called, problem: calls.problem },
    client: client.values,
    server: server.values,
    unanswered: unanswered.values,
    errors: { values: errors, total: failed, problem },
    success: {
      values: indexes.map((at) => successRate(calls.values[at] ?? null, errors[at] ?? null)),
      total: successRate(called, failed),
      problem: worst(calls.problem, problem),
    },
  };
}

/**
 * `1 − errors / calls`; null when there were no calls or the errors are unknown. A failed call counts in the period in which it
 * ended, so a period may have more errors than calls: the rate is at least 0.
 */
export function successRate(calls: number | null, errors: number | null): number | null {
  if (calls === null || calls <= 0 || errors === null) return null;
  return Math.min(1, Math.max(0, 1 - errors / calls));
}

/**
 * The errors of one period. SageMaker sends 0 with every successful call, and Annex records errors only when there are some, so a
 * period with calls but without error data had no errors. Where CloudWatch refused or failed to return data, errors are unknown,
 * and so is the sum.
 */
function errorsOf(at: number, calls: MetricSeries, kinds: readonly MetricSeries[]): number | null {
  const each = kinds.map(({ values, problem }) => ({ value: values[at] ?? null, problem }));
  if (each.some(({ value, problem }) => value === null && problem !== null)) return null;
  if (each.every(({ value }) => value === null)) return (calls.values[at] ?? null) === null ? null : 0;
  return each.reduce((sum, { value }) => sum + (value ?? 0), 0);
}

/** The sum of the known values; null, not zero, when none is known. */
export function totalOf(values: Values): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null;
}

/** The most serious of several problems. */
export function worst(...problems: readonly Problem[]): Problem {
  return (['denied', 'failed', 'partial'] as const).find((each) => problems.includes(each)) ?? null;
}
