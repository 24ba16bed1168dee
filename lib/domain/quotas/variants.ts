import { isAnnexError } from '@/lib/errors';
import type { PlanInForce } from '../plans/ports';
import type { WorkbenchCatalog, WorkbenchVariant } from '../workbench/ports';

/** The workbenches that the plan includes, by name where Service Catalog tells it; null: all. */
export async function variantsOf(
  { limits: { variants } }: PlanInForce,
  catalog: WorkbenchCatalog,
): Promise<readonly string[] | null> {
  if (variants === null) return null;
  const known = await catalog.variants().catch((error: unknown): readonly WorkbenchVariant[] => {
    if (isAnnexError(error, 'dependency_denied', 'dependency_failed', 'throttled')) return [];
    throw error;
  });
  return variants.map((id) => known.find((variant) => variant.id === id)?.name ?? id);
}
