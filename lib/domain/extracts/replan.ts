import type { TenantContext } from '../context';
import type { ExtractPlan } from './plan';
import { planFor } from './plan';
import type { Extract } from './ports';

/** The plan for `extract` under the current policy, which may be stricter than when the extract was requested. */
export function replan(ctx: TenantContext, extract: Extract): Promise<Omit<ExtractPlan, 'overview'>> {
  const { dataset, format, range, asOf } = extract;
  return planFor(ctx, { dataset, format, range, asOf, columns: extract.columns.map(({ name }) => name) });
}
