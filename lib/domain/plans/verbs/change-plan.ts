import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { differences } from '../differences';
import { changePlanInput } from '../schemas';
import { auditedLimits, checkVariants } from '../write';

/**
 * Writes the next version of a plan, which holds for its tenants at once, and returns its number. What they have beyond a lower limit stays.
 * Throws `forbidden`, `not_found`; `invalid` with the field, and where nothing would change; `conflict` if somebody changed the plan since
 * the version `base`, and for a retired one.
 */
export const changePlan = controlVerb(
  'plans.change',
  changePlanInput,
  async (ctx, { id, base, limits, note }): Promise<number> => {
    const [newest] = await ctx.ports.plans.versions(id, 1);
    if (!newest) throw new AnnexError('not_found', 'There is no plan with this id.');
    await checkVariants(ctx, limits, newest.limits.variants ?? []);
    const isSame = differences(newest.limits, limits).length === 0;
    if (isSame && newest.version === base) {
      throw new AnnexError('invalid', `Version ${base} says the same. Nothing was changed.`);
    }
    const author = { id: ctx.actor.id, name: ctx.actor.name };
    return ctx.ports.plans.append({ planId: id, base, limits, note, author }, (version) =>
      auditEvent(ctx, {
        action: 'plans.change',
        subject: `plan/${id}`,
        detail: { version, note },
        before: auditedLimits(newest.limits),
        after: auditedLimits(limits),
      }),
    );
  },
);
