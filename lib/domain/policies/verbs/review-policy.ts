import { controlVerb } from '@/lib/domain/verb';
import { differences, type PolicyDifferences } from '../differences';
import type { PolicyVersion } from '../ports';
import { reviewPolicyInput } from '../schemas';
import { checkMasks, effectiveAtOf, tenantOf } from '../write';

export interface PolicyReview {
  /** What extracts follow now, with which the change is compared. Null: nothing leaves the CRM. */
  readonly inForce: PolicyVersion | null;
  readonly differences: PolicyDifferences;
  /** When it would come into force; null: at once. */
  readonly effectiveAt: Date | null;
}

/**
 * What a change would make of what is in force, before it is saved. Throws `forbidden`, `not_found`, and `invalid` with the field or the
 * column at fault.
 */
export const reviewPolicy = controlVerb(
  'policies.view',
  reviewPolicyInput,
  async (ctx, { dataset, tenant, columns, rowLimit, effectiveOn }): Promise<PolicyReview> => {
    const scope = { dataset, tenantId: tenant };
    checkMasks(dataset, columns);
    const effectiveAt = effectiveAtOf(effectiveOn, ctx.now());
    await tenantOf(ctx, scope);
    const inForce = await ctx.ports.policies.inForce(scope);
    const before = inForce?.content ?? { columns: {}, rowLimit: null };
    return { inForce, differences: differences(dataset, before, { columns, rowLimit }), effectiveAt };
  },
);
