import { nothing, tenantVerb } from '@/lib/domain/verb';
import { forTenant } from '../shown';

/** What the doctor last found, as the tenant’s people see it; null before the first run. Throws `forbidden`. */
export const getDoctor = tenantVerb('doctor.view', nothing, async (ctx) => {
  const last = await ctx.ports.doctor.last();
  return last && forTenant(last);
});
