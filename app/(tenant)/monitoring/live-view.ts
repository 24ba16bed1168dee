import type { EndpointMetricsView } from '@/lib/domain/monitoring/verbs/get-metrics';

type Metrics = EndpointMetricsView['metrics'];
type Read = Extract<Metrics, { state: 'read' }>;

/** The page's view of an endpoint as JSON values. Instants are ISO 8601. */
export interface LiveView extends Omit<EndpointMetricsView, 'metrics'> {
  readonly metrics: Exclude<Metrics, Read> | (Omit<Read, 'readAt'> & { readonly readAt: string });
  /** The server's clock at the time of the answer. */
  readonly at: string;
}

/** A view as it stood at `now`. */
export function liveView(view: EndpointMetricsView, now: Date): LiveView {
  const { metrics } = view;
  return {
    ...view,
    metrics: metrics.state === 'read' ? { ...metrics, readAt: metrics.readAt.toISOString() } : metrics,
    at: now.toISOString(),
  };
}
