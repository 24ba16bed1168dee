import type { Reading } from '@/components/live/reading';
import type { EndpointMetricsView } from '@/lib/domain/monitoring/verbs/get-metrics';

type Metrics = EndpointMetricsView['metrics'];
type Read = Extract<Metrics, { state: 'read' }>;

/** The page's view of an endpoint as JSON values. Instants are ISO 8601. */
export interface LiveView extends Omit<EndpointMetricsView, 'metrics'>, Reading {
  readonly metrics: Exclude<Metrics, Read> | (Omit<Read, 'readAt'> & { readonly readAt: string });
}

/** A view as it stood at `now`. */
export function liveView(view: EndpointMetricsView, now: Date): LiveView {
  const { metrics, endpoint, chosen, choices, variant, variants } = view;
  return {
    ...view,
    metrics: metrics.state === 'read' ? { ...metrics, readAt: metrics.readAt.toISOString() } : metrics,
    at: now.toISOString(),
    // New metrics come every minute for as long as somebody looks.
    underWay: true,
    mark: JSON.stringify([chosen, choices, variant, variants]),
    words: `Endpoint ${chosen.endpointName}: ${endpoint.state === 'gone' || endpoint.state === 'unknown' ? endpoint.state : endpoint.status}`,
  };
}
