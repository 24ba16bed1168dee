import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Activation, ModelVersion } from '../ports';

export interface ModelInUse {
  /** The version that is the source of scores; null: the built-in model. */
  readonly active: ModelVersion | null;
  /** The newest activations, newest first; the first one made `active` active. */
  readonly activations: readonly Activation[];
  /** What the newest activation replaced; null: the built-in model. */
  readonly previous: ModelVersion | null;
}

const shownActivations = 10;

/** The source of the tenant's scores, and since when. Throws `forbidden`. */
export const getModel = tenantVerb('models.view', nothing, async (ctx): Promise<ModelInUse> => {
  const { models } = ctx.ports;
  const [active, activations] = await Promise.all([models.active(), models.activations(shownActivations)]);
  const before = activations[1]?.version ?? null;
  return { active, activations, previous: before === null ? null : await models.version(before) };
});
