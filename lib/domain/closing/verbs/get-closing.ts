import { controlVerb } from '@/lib/domain/verb';
import { ofTenant } from '../schemas';

/**
 * How a tenant is, or was, closed, null if nobody closed it, and for how many days data is kept here. Throws `forbidden`.
 */
export const getClosing = controlVerb('tenants.view', ofTenant, async (ctx, { tenantId }) => ({
  closing: await ctx.ports.closings.get(tenantId),
  graceDays: ctx.ports.closingTerms.current().graceDays,
}));
