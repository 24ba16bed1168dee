import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { requestTenant } from '../request-tenant';
import { renameInput } from '../schemas';
import { presentSignUp, refuseClosed } from '../standing';

/**
 * Asks for the tenant of a confirmed sign-up with another name, because the first was taken. Throws `forbidden` while sign-up is closed;
 * `not_found` for a sign-up that is over, or not confirmed; `conflict` with the field for a name that is taken, too.
 */
export const renameOrganisation = controlVerb(
  'sign-up.confirm',
  renameInput,
  async (ctx, { id, organisation, client }) => {
    refuseClosed(ctx);
    await ctx.ports.signUp.limits.take('code', client);
    const { confirmedAt, userId, ...signUp } = await presentSignUp(ctx, id);
    if (confirmedAt === null || userId === null) {
      throw new AnnexError('not_found', 'Enter the code from the mail first.');
    }
    await requestTenant(ctx, { ...signUp, confirmedAt, userId }, organisation);
  },
);
