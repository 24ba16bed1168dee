import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { personId } from '../schemas';

/** Somebody of the tenant. Throws `forbidden`; `not_found` for an id that is unknown or of another tenant. */
export const getPerson = tenantVerb('people.list', personId, async (ctx, { id }) => {
  const person = await ctx.ports.people.get(id);
  if (!person) throw new AnnexError('not_found', 'Nobody of your organisation has this id.');
  return person;
});
