import { controlVerb } from '@/lib/domain/verb';
import { accountEventInput } from '../schemas';

const prefix = 'annex-';

/**
 * Takes Control Tower's word that an account was made, or could not be, as a hint to look: what is recorded is what
 * Service Catalog confirms, never what the event claims. Returns the tenant whose request is looked at; `null` for an
 * event that is none of ours. Throws `forbidden`.
 */
export const handleAccountEvent = controlVerb('tenants.provision', accountEventInput, async (ctx, event) => {
  const ignore = (why: string) => {
    ctx.log.warn(
      { accountName: event.accountName, accountId: event.accountId },
      `account event ignored: ${why}`,
    );
    return null;
  };
  if (!event.accountName.startsWith(prefix)) return ignore('the account is not named as ours are');
  const tenant = await ctx.ports.tenants.get(event.accountName.slice(prefix.length));
  if (!tenant) return ignore('there is no such tenant');
  if (event.accountId !== null) {
    if (tenant.accountId !== null && tenant.accountId !== event.accountId) {
      return ignore('the tenant has another account');
    }
    const owner = await ctx.ports.tenants.findByAccount(event.accountId);
    if (owner && owner.id !== tenant.id) return ignore('the account is another tenant’s');
  }
  await ctx.ports.jobs.send({ kind: 'workbench.advance', tenantId: tenant.id });
  return tenant.id;
});
