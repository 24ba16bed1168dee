import type { TenantContext } from '../context';
import type { ModelVersion } from '../models/ports';
import type { ScoringState } from './ports';
import { following } from './transitions';

/**
 * Makes the scores follow `model`; null is the built-in model, whose scores readers then see at once. Readers see another
 * version's scores once every customer has one. Does nothing when the scores already follow it.
 */
export async function followActive(
  ctx: TenantContext,
  model: Pick<ModelVersion, 'version'> | null,
): Promise<ScoringState> {
  const { scoring, scoringRuns } = ctx.ports;
  const version = model?.version ?? null;
  let changed = false;
  const state = await scoring.change((before) => {
    const next = following(before, version, ctx.now());
    changed = next !== null;
    return next;
  });
  if (changed)
    ctx.log.info(
      { version },
      version === null ? 'scores come from the built-in model' : 'scores come from the active version',
    );
  if (version === null) await scoringRuns.supersede(ctx.now());
  return state;
}
