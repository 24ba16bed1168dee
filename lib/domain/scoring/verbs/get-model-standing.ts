import { z } from 'zod';
import { controlVerb } from '@/lib/domain/verb';

const ofTenant = z.object({ tenantId: z.string().min(1).max(64) });

/** Which version of its own model a tenant uses and whose scores readers see, for administrators: nothing of what the model says. */
export const getModelStanding = controlVerb('tenants.view', ofTenant, (ctx, { tenantId }) =>
  ctx.ports.modelStandings.of(tenantId),
);
