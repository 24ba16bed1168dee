import type { ControlContext } from '@/lib/domain/context';
import { listWorkbenchesToOffer } from '@/lib/domain/onboarding/verbs/list-workbenches-to-offer';
import type { PlanLimits } from '@/lib/domain/plans/ports';
import { type AnnexError, isAnnexError } from '@/lib/errors';
import type { OfferedVariant } from './limit-fields';

export interface Offered {
  readonly variants: readonly OfferedVariant[];
  /** Why Service Catalog could not be asked; then only those that the plan includes are known, by id. */
  readonly failure: AnnexError | null;
}

/** The workbenches that a plan can include: those of the catalogue, and those of `limits`. */
export async function offeredVariants(
  context: ControlContext,
  limits: Pick<PlanLimits, 'variants'>,
): Promise<Offered> {
  const included = limits.variants ?? [];
  try {
    const offered = await listWorkbenchesToOffer(context, undefined);
    const gone = included.filter((id) => offered.every((variant) => variant.id !== id));
    return {
      variants: [
        ...offered.map(({ id, name }) => ({ id, name, isOffered: true })),
        ...gone.map((id) => ({ id, name: id, isOffered: false })),
      ],
      failure: null,
    };
  } catch (error) {
    if (!isAnnexError(error, 'dependency_failed', 'dependency_denied', 'throttled')) throw error;
    context.log.warn({ err: error }, 'workbench catalogue could not be read');
    return { variants: included.map((id) => ({ id, name: id, isOffered: true })), failure: error };
  }
}
