import { controlVerb } from '@/lib/domain/verb';
import { tenantInput } from '../schemas';

/** What the doctor of a tenant last found, for administrators; null before the first run. Throws `forbidden`. */
export const getDiagnosis = controlVerb('tenants.view', tenantInput, (ctx, { tenantId }) =>
  ctx.ports.doctors.of(tenantId).last(),
);
