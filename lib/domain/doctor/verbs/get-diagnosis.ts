import { controlVerb } from '@/lib/domain/verb';
import { tenantInput } from '../schemas';
import { forAdmin } from '../shown';

/** What the doctor of a tenant last found, for administrators; null before the first run. Throws `forbidden`. */
export const getDiagnosis = controlVerb('tenants.view', tenantInput, async (ctx, { tenantId }) => {
  const last = await ctx.ports.doctors.of(tenantId).last();
  return last && forAdmin(last);
});
