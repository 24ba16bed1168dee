import { z } from 'zod';
import { controlVerb } from '@/lib/domain/verb';

const ofTenant = z.object({ tenantId: z.string().min(1).max(64) });

/** How a tenant’s workbench stands, for administrators: without who asked for it and what they chose; null without one. */
export const getStanding = controlVerb('tenants.view', ofTenant, (ctx, { tenantId }) =>
  ctx.ports.workbenchStandings.of(tenantId),
);
