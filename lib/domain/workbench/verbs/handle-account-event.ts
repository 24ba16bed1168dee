import { controlVerb } from '@/lib/domain/verb';
import { accountEventInput } from '../schemas';

const prefix = 'annex-';

/**
 * Treats Control Tower's event about an account as a reason for a check: Annex records what Service Catalog confirms, never what
 * the event claims. Returns the tenant whose request is checked; null for an event about no request of Annex. Throws `forbidden`.
 */
export const handleAccountEvent = controlVerb('tenants.provision', accountEventInput, async (ctx, event) => {
  const ignore = (why: string) => {
    ctx.log.warn(
      { accountName: event.accountName, accountId: event.accountId },
      `account event ignored: ${why}`,
    );
    return null;
  };
  if (!event.accountName.startsWith(prefix)) return ignore('the account’s name is not one of Annex’s');
  const tenant = await ctx.ports.tenants.get(event.accountName.slice(prefix.length));
  if (!tenant) return ignore('tenant not found');
  if (event.accountId !== null) {
    if (tenant.accountId !== null && tenant.accountId !== event.accountId) {
      return ignore('the tenant has another account');
    }
    const owner = await ctx.ports.tenants.findByAccount(event.accountId);
    if (owner && owner.id !== tenant.id) return ignore('the account belongs to another tenant');
  }
  await ctx.ports.jobs.send({ kind: 'workbench.advance', tenantId: tenant.id });
  return tenant.id;
});
