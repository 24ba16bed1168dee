import { auditEvent } from '@/lib/domain/audit/record';
import { tenantVerb } from '@/lib/domain/verb';
import { changePerson } from '../change-person';
import { inviteInput } from '../schemas';
import { sendInvitation } from '../send-invitation';

/**
 * Invites somebody with a role: creates the user, records it, and has Amazon Cognito mail a temporary password. The same address may be
 * invited again after an interruption. Throws `forbidden`, `invalid`, and `conflict` for an address that is in use.
 */
export const invitePerson = tenantVerb('people.invite', inviteInput, async (ctx, { email, role }) => {
  const { id } = await ctx.ports.userPool.create(email, role);
  const person = { id, email, roles: [role], invitedBy: ctx.actor.name };
  const detail = { email, role };
  await ctx.ports.people.add(
    person,
    auditEvent(ctx, { action: 'people.invite', subject: `user/${id}`, detail }),
  );
  await changePerson(ctx, id, 'people.send-invitation', () => sendInvitation(ctx, id));
  return { id, email };
});
