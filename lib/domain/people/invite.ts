import type { Person, TenantRole } from '../actor';
import { auditEvent } from '../audit/record';
import type { TenantContext } from '../context';
import { changePerson } from './change-person';
import type { TenantPerson } from './ports';
import { sendInvitation } from './send-invitation';

/**
 * Invites somebody with a role on behalf of `by`: creates the user, records it, and has Amazon Cognito mail a temporary password. May be
 * repeated after an interruption, and at the same time: one mail goes out. Returns the user's id. Throws `conflict` for an address that is in use.
 */
export async function invite(
  ctx: TenantContext,
  { email, role }: { readonly email: string; readonly role: TenantRole },
  by: Person,
): Promise<string> {
  const { id } = await ctx.ports.userPool.create(email, role);
  const event = auditEvent(ctx, {
    action: 'people.invite',
    subject: `user/${id}`,
    detail: { email, role },
    key: id,
    by,
  });
  await ctx.ports.people.add({ id, email, roles: [role], invitedBy: by.name }, event);
  const unsent = ({ invitationSentAt }: TenantPerson) =>
    invitationSentAt === null ? sendInvitation(ctx, id) : null;
  await changePerson(ctx, id, 'people.send-invitation', unsent, by);
  return id;
}
