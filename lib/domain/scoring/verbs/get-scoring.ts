import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Scoring } from '../ports';

export interface ScoringView extends Scoring {
  /** The active version; null: the built-in model. The scores follow it a moment later. */
  readonly active: { readonly version: number; readonly endpointName: string } | null;
  readonly circuit: 'closed' | 'open' | 'half-open';
  /** The endpoints of the versions that are active, shown or scored last, by version. */
  readonly endpoints: Readonly<Record<number, string>>;
}

/** The source of the tenant's scores, the progress of the newest run, and the state of the endpoint. Throws `forbidden`. */
export const getScoring = tenantVerb('scores.view', nothing, async (ctx): Promise<ScoringView> => {
  const { models } = ctx.ports;
  const [scoring, model] = await Promise.all([ctx.ports.scoring.read(), models.active()]);
  const others = [scoring.shown, scoring.latest].flatMap((run) => (run ? [run.version] : []));
  const named = await Promise.all(
    [...new Set(others)].filter((version) => version !== model?.version).map((each) => models.version(each)),
  );
  return {
    ...scoring,
    active: model && { version: model.version, endpointName: model.endpointName },
    circuit: circuitOf(scoring),
    endpoints: Object.fromEntries(
      [model, ...named].flatMap((each) => (each ? [[each.version, each.endpointName]] : [])),
    ),
  };
});

function circuitOf({ state, latest }: Scoring): ScoringView['circuit'] {
  if (state.breaker.openedAt === null) return 'closed';
  return latest?.state === 'waiting' || latest?.state === 'running' ? 'half-open' : 'open';
}
