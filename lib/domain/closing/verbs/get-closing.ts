import { controlVerb } from '@/lib/domain/verb';
import { ofTenant } from '../schemas';

/** How a tenant is, or was, closed; null if nobody closed it. Throws `forbidden`. */
export const getClosing = controlVerb('tenants.view', ofTenant, (ctx, { tenantId }) =>
  ctx.ports.closings.get(tenantId),
);
