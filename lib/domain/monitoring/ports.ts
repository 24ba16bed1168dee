import { type OwnCallKind, ownCallKinds } from '../models/inference-id';

/** How far back a view of metrics looks. */
export const metricRanges = ['1h', '6h', '24h', '7d', '30d'] as const;
export type MetricRange = (typeof metricRanges)[number];

/** A span of whole periods: `start` and `end` are multiples of the period since the epoch. */
export interface MetricWindow {
  readonly start: Date;
  /** Exclusive. */
  readonly end: Date;
  readonly periodSeconds: number;
  /** Somebody chose these instants; otherwise the window moves with the clock. */
  readonly pinned: boolean;
}

/** What SageMaker measures of a variant. Counts are sums per period; latencies are percentiles per period, µs. */
const measuredNames = [
  'invocations',
  'errors4xx',
  'errors5xx',
  'modelP50',
  'modelP90',
  'modelP99',
  'overheadP50',
  'overheadP90',
  'overheadP99',
] as const;

/**
 * What Annex recorded of its own calls to the endpoint, sums per period. `Unanswered`: Annex stopped waiting, and SageMaker may
 * count the call as a success or as an error.
 */
export const ownCounts = ['Calls', 'Errors4xx', 'Errors5xx', 'Unanswered'] as const;
export type OwnMetricName = `${OwnCallKind}${(typeof ownCounts)[number]}`;

export type EndpointMetricName = (typeof measuredNames)[number] | OwnMetricName;
export const endpointMetricNames: readonly EndpointMetricName[] = [
  ...measuredNames,
  ...ownCallKinds.flatMap((kind) => ownCounts.map((count): OwnMetricName => `${kind}${count}`)),
];

export interface MetricSeries {
  /** One value per period of the window; null, not zero, where there is no data point. */
  readonly values: readonly (number | null)[];
  /** Why some or all values are missing; null when complete. */
  readonly problem: 'partial' | 'denied' | 'failed' | null;
}

/** CloudWatch's data of one variant of an endpoint, and of Annex's own calls to the endpoint, whichever variant responded. */
export interface EndpointReading {
  readonly window: MetricWindow;
  /** When CloudWatch was queried. */
  readonly readAt: Date;
  readonly series: Readonly<Record<EndpointMetricName, MetricSeries>>;
  /** CloudWatch's own messages about the result. */
  readonly messages: readonly string[];
}

/** Metrics of the endpoints in the tenant's own account. */
export interface EndpointMetrics {
  /**
   * All metrics of one variant in one call. The reading and its window may be up to a minute old. Throws `dependency_denied`,
   * `dependency_failed`, `throttled`.
   */
  read(request: {
    readonly accountId: string;
    readonly endpointName: string;
    readonly variantName: string;
    readonly window: MetricWindow;
  }): Promise<EndpointReading>;
  /** The endpoint's variants for which CloudWatch had data within two weeks, even if the endpoint is gone. */
  variants(accountId: string, endpointName: string): Promise<readonly string[]>;
}
