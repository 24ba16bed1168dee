import { controlVerb } from '@/lib/domain/verb';
import { healthInput } from '../schemas';

/** How those of at most 200 tenants were when the doctor last looked. One where it never ran is not among them. Throws `forbidden`. */
export const listHealth = controlVerb('tenants.list', healthInput, (ctx, { tenantIds }) =>
  ctx.ports.doctors.health(tenantIds),
);
