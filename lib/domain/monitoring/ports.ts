/** How far back a view of metrics looks. */
export const metricRanges = ['1h', '6h', '24h', '7d', '30d'] as const;
export type MetricRange = (typeof metricRanges)[number];

/** A stretch of whole periods: `start` and `end` are multiples of the period since the epoch. */
export interface MetricWindow {
  readonly start: Date;
  /** Exclusive. */
  readonly end: Date;
  readonly periodSeconds: number;
}

/** Counts are sums over a period; latencies are percentiles of a period, µs. */
export const endpointMetricNames = [
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
export type EndpointMetricName = (typeof endpointMetricNames)[number];

export interface MetricSeries {
  /** One value a period of the window; null where there is no data point, which is not zero. */
  readonly values: readonly (number | null)[];
  /** Why some or all of it is missing; null when all of it is there. */
  readonly problem: 'partial' | 'denied' | 'failed' | null;
}

/** What CloudWatch had on one variant of an endpoint. */
export interface EndpointReading {
  readonly window: MetricWindow;
  /** When CloudWatch was asked. */
  readonly readAt: Date;
  readonly series: Readonly<Record<EndpointMetricName, MetricSeries>>;
  /** What CloudWatch itself says about the answer. */
  readonly messages: readonly string[];
}

/** Metrics of the endpoints in the tenant's own account. */
export interface EndpointMetrics {
  /**
   * All metrics of one variant in one call. A reading may be up to a minute old, and its window with it. Throws
   * `dependency_denied`, `dependency_failed`, `throttled`.
   */
  read(request: {
    readonly accountId: string;
    readonly endpointName: string;
    readonly variantName: string;
    readonly window: MetricWindow;
  }): Promise<EndpointReading>;
  /** Variants of the endpoint that CloudWatch had data of within two weeks, also when the endpoint is gone. */
  variants(accountId: string, endpointName: string): Promise<readonly string[]>;
}
