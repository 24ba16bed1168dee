import type { Person, TenantRole } from '../actor';
import { auditEvent } from '../audit/record';
import type { TenantContext } from '../context';
import { isReached, limitReached } from '../plans/limits';
import type { PlanInForce } from '../plans/ports';
import { changePerson } from './change-person';
import type { TenantPerson } from './ports';
import { sendInvitation } from './send-invitation';

/**
 * Invites somebody with a role on behalf of `by`: creates the user, records it, and has Amazon Cognito mail a temporary password. May be
 * repeated after an interruption, and at the same time: one mail goes out. Returns the user's id. Throws `conflict` for an address that is in
 * use, and for somebody beyond the limit of `plan`, if there is one.
 */
export async function invite(
  ctx: TenantContext,
  { email, role }: { readonly email: string; readonly role: TenantRole },
  by: Person,
  plan: PlanInForce | null = null,
): Promise<string> {
  const id = await ctx.ports.people.add(email, async ({ count, isThere }) => {
    if (plan && !isThere && isReached(plan, 'people', count)) {
      const use = `There ${count === 1 ? 'is one' : `are ${count}`}, those who were invited included.`;
      throw limitReached(plan, 'people', { use, kept: 'Nobody was invited.', field: 'email' });
    }
    const created = await ctx.ports.userPool.create(email, role);
    const event = auditEvent(ctx, {
      action: 'people.invite',
      subject: `user/${created.id}`,
      detail: { email, role },
      key: created.id,
      by,
    });
    return { person: { id: created.id, roles: [role], invitedBy: by.name }, event };
  });
  const unsent = ({ invitationSentAt }: TenantPerson) =>
    invitationSentAt === null ? sendInvitation(ctx, id) : null;
  await changePerson(ctx, id, 'people.send-invitation', unsent, by);
  return id;
}
