import { AnnexError } from '@/lib/errors';
import type { Person } from '../actor';
import type { Audited } from '../audit/actions';
import type { AuditEvent } from '../audit/ports';
import { auditEvent } from '../audit/record';
import type { TenantContext } from '../context';
import type { PersonChange, TenantPerson } from './ports';
import { isMoreThanOfTenant, ownsNow } from './standing';

/** A change of a person that has been decided. */
interface Decision extends Pick<AuditEvent, 'before' | 'after'> {
  readonly change: PersonChange;
  /** Does it in the user pool, which decides who can sign in. */
  inPool(): Promise<void>;
}

/**
 * Changes somebody of the tenant in the user pool and in the directory, and records that `by` did it, as `action`. Throws `not_found` for nobody of the
 * tenant; `conflict` when nobody would be left who owns the tenant, and for people who are more than people of the tenant; and what
 * `decide` and the user pool throw. Nothing is stored then, and nothing is done where `decide` returns null.
 */
export async function changePerson(
  ctx: TenantContext,
  id: string,
  action: Audited,
  decide: (person: TenantPerson) => Decision | null,
  by: Person = ctx.actor,
): Promise<void> {
  await ctx.ports.people.change(id, async (person, otherOwners) => {
    const { email } = person;
    if (isMoreThanOfTenant(person)) {
      throw new AnnexError(
        'conflict',
        `${email} has a role outside your organisation, too. Ask your administrator to change this user.`,
      );
    }
    const decision = decide(person);
    if (!decision) return null;
    const { change, inPool, ...beforeAndAfter } = decision;
    if (otherOwners === 0 && ownsNow(person) && !ownsAfter(change)) {
      throw new AnnexError(
        'conflict',
        `${email} is the last owner of your organisation. Make somebody else an owner first, who has signed in once.`,
      );
    }
    await inPool();
    return {
      change,
      event: auditEvent(ctx, { by, action, subject: `user/${id}`, detail: { email }, ...beforeAndAfter }),
    };
  });
}

/** Whether an owner is still one who can act after `change`. */
function ownsAfter(change: PersonChange): boolean {
  switch (change.kind) {
    case 'roles':
      return change.roles.includes('owner');
    case 'disabled':
      return !change.disabled;
    case 'invitation sent':
      return true;
    case 'removed':
      return false;
  }
}
