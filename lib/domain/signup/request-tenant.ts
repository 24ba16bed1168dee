import { system } from '../actor';
import { auditEvent } from '../audit/record';
import type { ControlContext } from '../context';
import { admit } from './admit';
import type { SignUp } from './ports';
import { tenantIdsFor } from './tenant-ids';

/**
 * Asks for the tenant of a confirmed sign-up, with that name; where sign-up is open, it is admitted at once. May be repeated after an
 * interruption. Throws `conflict` with the field for a name that is taken, without saying by whom.
 */
export async function requestTenant(
  ctx: ControlContext,
  { id, userId, email, organisation }: SignUp & { readonly userId: string },
  name: string = organisation,
): Promise<void> {
  const { store, pool, terms } = ctx.ports.signUp;
  const tenantId = await store.request(id, { name, ids: tenantIdsFor(name, Math.random) }, (tenant) =>
    auditEvent(ctx, {
      action: 'sign-up.confirm',
      subject: `tenant/${tenant}`,
      detail: { name },
      key: tenant,
      by: { id: userId, name: email },
    }),
  );
  const isOpen = terms.current().mode === 'open';
  if (isOpen && (await ctx.ports.tenants.get(tenantId))?.state === 'requested') {
    await admit(ctx, tenantId, system);
  } else if (!isOpen) await pool.assign(userId, tenantId);
}
