import { tenantVerb } from '@/lib/domain/verb';
import { run } from '../run';
import { runInput } from '../schemas';
import { forTenant } from '../shown';

/**
 * Looks at the links of the own workbench and keeps what was found; returns what the tenant’s people see of it. Throws `forbidden`, and
 * `conflict` while another run is under way.
 */
export const runDoctor = tenantVerb('doctor.run', runInput, async (ctx, { link }) =>
  forTenant(await run(ctx, ctx.ports.doctor, { tenantId: ctx.tenant.id, link, action: 'doctor.run' })),
);
