import { tenantVerb } from '@/lib/domain/verb';
import { invite } from '../invite';
import { inviteInput } from '../schemas';

/** Invites somebody with a role. Throws `forbidden`, `invalid`; `conflict` for an address that is in use, and when the plan allows no more people. */
export const invitePerson = tenantVerb('people.invite', inviteInput, async (ctx, input) => ({
  id: await invite(ctx, input, ctx.actor, await ctx.ports.plan.current()),
}));
