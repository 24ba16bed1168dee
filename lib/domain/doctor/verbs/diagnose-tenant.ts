import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { run } from '../run';
import { runForTenantInput } from '../schemas';

/** As `runDoctor`, for an administrator, who sees all of it. Throws `forbidden`, `not_found`, `conflict`. */
export const diagnoseTenant = controlVerb(
  'tenants.diagnose',
  runForTenantInput,
  async (ctx, { tenantId, link }) => {
    if (!(await ctx.ports.tenants.get(tenantId)))
      throw new AnnexError('not_found', 'There is no tenant with this id.');
    return run(ctx, ctx.ports.doctors.of(tenantId), { tenantId, link, action: 'tenants.diagnose' });
  },
);
