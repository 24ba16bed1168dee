import { controlVerb } from '@/lib/domain/verb';
import { ofTenant } from '../schemas';

/** How a tenant was set up; null if it was not onboarded here. Throws `forbidden`. */
export const getOnboarding = controlVerb('tenants.view', ofTenant, (ctx, { tenantId }) =>
  ctx.ports.onboardings.get(tenantId),
);
