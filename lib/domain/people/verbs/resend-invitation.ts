import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { changePerson } from '../change-person';
import { personId } from '../schemas';
import { sendInvitation } from '../send-invitation';

/** Mails somebody who has not signed in yet a new temporary password. Throws `forbidden`, `not_found` and `conflict`. */
export const resendInvitation = tenantVerb('people.send-invitation', personId, (ctx, { id }) =>
  changePerson(ctx, id, 'people.send-invitation', ({ lastSeenAt, email }) => {
    if (lastSeenAt !== null) throw new AnnexError('conflict', `${email} has signed in already.`);
    return sendInvitation(ctx, id);
  }),
);
