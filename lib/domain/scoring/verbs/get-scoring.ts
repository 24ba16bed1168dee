import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Scoring } from '../ports';

export interface ScoringView extends Scoring {
  /** The active version; null: the built-in model. The scores follow it a moment later. */
  readonly active: { readonly version: number; readonly endpointName: string } | null;
  readonly circuit: 'closed' | 'open' | 'half-open';
}

/** The source of the tenant's scores, the progress of the newest run, and the state of the endpoint. Throws `forbidden`. */
export const getScoring = tenantVerb('scores.view', nothing, async (ctx): Promise<ScoringView> => {
  const [scoring, model] = await Promise.all([ctx.ports.scoring.read(), ctx.ports.models.active()]);
  return {
    ...scoring,
    active: model && { version: model.version, endpointName: model.endpointName },
    circuit: circuitOf(scoring),
  };
});

function circuitOf({ state, latest }: Scoring): ScoringView['circuit'] {
  if (state.breaker.openedAt === null) return 'closed';
  return latest?.state === 'waiting' || latest?.state === 'running' ? 'half-open' : 'open';
}
