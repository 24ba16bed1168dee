import type { Reading } from '@/components/live/reading';
import type { EndpointMetricsView, MetricsView } from '@/lib/domain/monitoring/verbs/get-metrics';

type Metrics = EndpointMetricsView['metrics'];
type Read = Extract<Metrics, { state: 'read' }>;

/** The page's view of an endpoint as JSON values. Instants are ISO 8601, or seconds since the epoch where they meet a chart. */
export interface LiveView extends Omit<EndpointMetricsView, 'metrics' | 'window' | 'activations'>, Reading {
  readonly window: { readonly from: number; readonly to: number; readonly pinned: boolean };
  /** Newest first. */
  readonly activations: readonly { readonly version: number | null; readonly at: number }[];
  readonly metrics: Exclude<Metrics, Read> | (Omit<Read, 'readAt'> & { readonly readAt: string });
}

/** A view as it stood at `now`. */
export function liveView(view: EndpointMetricsView, now: Date): LiveView {
  const { metrics, endpoint, chosen, choices, variant, variants, window } = view;
  return {
    ...view,
    window: { from: secondsOf(window.start), to: secondsOf(window.end), pinned: window.pinned },
    activations: view.activations.map(({ version, at }) => ({ version, at: secondsOf(at) })),
    metrics: metrics.state === 'read' ? { ...metrics, readAt: metrics.readAt.toISOString() } : metrics,
    at: now.toISOString(),
    // New metrics come every minute for as long as somebody looks. What is long over does not change any more.
    underWay: !window.pinned || now.getTime() - window.end.getTime() < settledMs,
    mark: JSON.stringify([chosen, choices, variant, variants]),
    words: `Endpoint ${chosen.endpointName}: ${endpoint.state === 'gone' || endpoint.state === 'unknown' ? endpoint.state : endpoint.status}`,
  };
}

/** The page of a tenant that has no endpoint to show, until it has one. */
export const waitingView = ({ state }: Exclude<MetricsView, EndpointMetricsView>, now: Date): Reading => ({
  at: now.toISOString(),
  underWay: true,
  mark: state,
  words: state === 'no_model' ? 'No active model' : 'No AWS account yet',
});

/** By then, CloudWatch has everything of a window. */
const settledMs = 600_000;

const secondsOf = (at: Date): number => at.getTime() / 1000;
