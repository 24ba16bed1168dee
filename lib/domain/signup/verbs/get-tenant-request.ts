import { controlVerb } from '@/lib/domain/verb';
import { ofTenant } from '../schemas';

/** Who signed the tenant up, for administrators; null for one that did not sign up. Throws `forbidden`. */
export const getTenantRequest = controlVerb('tenants.view', ofTenant, (ctx, { tenantId }) =>
  ctx.ports.signUp.store.ofTenant(tenantId),
);
