import type { Person } from '../actor';
import { auditEvent } from '../audit/record';
import type { ControlContext } from '../context';
import { newOnboarding } from '../onboarding/steps';
import { defaultPlan } from '../plans/ports';
import { approvedMail } from './mails';

/**
 * Admits a requested tenant on behalf of `by`: it becomes active with that plan, the person who signed up its owner, who gets a mail, and its onboarding
 * begins. Throws `not_found`; `conflict` for one that is decided already.
 */
export async function admit(
  ctx: ControlContext,
  tenantId: string,
  by: Person,
  planId: string = defaultPlan,
): Promise<void> {
  const { signUp: ports, mail, jobs } = ctx.ports;
  await ports.store.decide(tenantId, async (tenant, signUp) => {
    const { userId, email } = signUp;
    await ports.pool.assign(userId, tenantId);
    await mail.send(approvedMail({ email, organisation: tenant.name }, ports.terms.current()));
    return {
      to: 'active',
      planId,
      onboarding: newOnboarding(
        { tenantId, ownerEmail: email, ownerId: userId, variantId: null, askedBy: by },
        ctx.now(),
      ),
      event: auditEvent(ctx, {
        action: 'tenants.approve',
        subject: `tenant/${tenantId}`,
        detail: { owner: email, plan: planId },
        before: { state: tenant.state },
        after: { state: 'active' },
        key: tenantId,
        by,
      }),
    };
  });
  await jobs.send({ kind: 'tenants.onboard', tenantId });
}
