import { controlVerb } from '@/lib/domain/verb';
import { admit } from '../admit';
import { approveInput } from '../schemas';

/**
 * Admits a tenant that signed up: its onboarding begins, with the person who signed up as its owner, who gets a mail. Throws `forbidden`,
 * `not_found`; `conflict` for one that is decided already.
 */
export const approveTenant = controlVerb('tenants.approve', approveInput, (ctx, { tenantId }) =>
  admit(ctx, tenantId, { id: ctx.actor.id, name: ctx.actor.name }),
);
