import { auditEvent } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { declinedMail } from '../mails';
import { declineInput } from '../schemas';

/**
 * Declines a tenant that signed up: the person gets a mail with the reason, and may sign up again, because the user is removed. Throws
 * `forbidden`, `not_found`, `invalid` without a reason; `conflict` for one that is decided already.
 */
export const declineTenant = controlVerb('tenants.decline', declineInput, (ctx, { tenantId, reason }) => {
  const { store, pool, terms } = ctx.ports.signUp;
  return store.decide(tenantId, async ({ name, state }, { userId, email }) => {
    await pool.remove(userId, tenantId);
    await ctx.ports.mail.send(declinedMail({ email, organisation: name }, reason, terms.current()));
    const detail = { email, reason };
    return {
      to: 'declined',
      event: auditEvent(ctx, {
        action: 'tenants.decline',
        subject: `tenant/${tenantId}`,
        detail,
        before: { state },
        after: { state: 'declined' },
      }),
    };
  });
});
