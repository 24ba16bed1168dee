import { nothing, tenantVerb } from '@/lib/domain/verb';

/** Until when the tenant can be exported; null while nobody closes it. Throws `forbidden`. */
export const getExport = tenantVerb('tenant.export', nothing, async (ctx) => {
  const closing = ctx.tenant.state === 'closing' ? await ctx.ports.closing.load() : null;
  return { until: closing?.deleteAfter ?? null };
});
