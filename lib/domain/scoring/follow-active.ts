import type { TenantContext } from '../context';
import type { ModelVersion } from '../models/ports';
import type { ScoringState } from './ports';
import { following } from './transitions';

/**
 * Has the scores follow `model`; null is the default, which readers then see at once. Another version takes the readers over when
 * every customer is scored by it. Does nothing when it is followed already.
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
