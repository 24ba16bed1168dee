import { isAnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import type { ExtractPlan } from './plan';
import { planFor } from './plan';
import type { Extract } from './ports';

/** What `extract` comes to under the policy that is in force now: it may have been tightened since it was asked for. */
export function replanned(ctx: TenantContext, extract: Extract): Promise<Omit<ExtractPlan, 'overview'>> {
  const { dataset, format, range, asOf } = extract;
  return planFor(ctx, { dataset, format, range, asOf, columns: extract.columns.map(({ name }) => name) });
}

/** The words of a refusal that trying again cannot change; what may pass is thrown. */
export async function refusalIsFailure<T extends object>(
  run: () => Promise<T>,
): Promise<T | { readonly refusal: string }> {
  try {
    return await run();
  } catch (error) {
    if (!isAnnexError(error) || error.transient || error.code === 'internal') throw error;
    return { refusal: error.message };
  }
}
