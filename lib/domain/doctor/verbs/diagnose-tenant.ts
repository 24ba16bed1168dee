import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { run } from '../run';
import { runForTenantInput } from '../schemas';
import { forAdmin } from '../shown';

/** As `runDoctor`, for an administrator, who also sees the operator’s links. Throws `forbidden`, `not_found`, `conflict`. */
export const diagnoseTenant = controlVerb(
  'tenants.diagnose',
  runForTenantInput,
  async (ctx, { tenantId, link }) => {
    if (!(await ctx.ports.tenants.get(tenantId)))
      throw new AnnexError('not_found', 'There is no tenant with this id.');
    const doctor = ctx.ports.doctors.of(tenantId);
    return forAdmin(await run(ctx, doctor, { tenantId, link, action: 'tenants.diagnose' }));
  },
);
