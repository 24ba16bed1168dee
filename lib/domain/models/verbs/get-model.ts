import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Activation, ModelVersion } from '../ports';

export interface ModelInUse {
  /** The registration that scores come from; null: the statistical default. */
  readonly active: ModelVersion | null;
  /** The newest activations, newest first; the first is what made `active` so. */
  readonly activations: readonly Activation[];
}

const shownActivations = 10;

/** What the tenant's scores come from, and since when. Throws `forbidden`. */
export const getModel = tenantVerb('models.view', nothing, async (ctx): Promise<ModelInUse> => {
  const { models } = ctx.ports;
  const [active, activations] = await Promise.all([models.active(), models.activations(shownActivations)]);
  return { active, activations };
});
