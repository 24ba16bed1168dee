import type { TenantContext } from '../context';
import type { ExtractPlan } from './plan';
import { planFor } from './plan';
import type { Extract } from './ports';

/** What `extract` comes to under the policy that is in force now: it may have been tightened since it was asked for. */
export function replan(ctx: TenantContext, extract: Extract): Promise<Omit<ExtractPlan, 'overview'>> {
  const { dataset, format, range, asOf } = extract;
  return planFor(ctx, { dataset, format, range, asOf, columns: extract.columns.map(({ name }) => name) });
}
