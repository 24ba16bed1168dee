import { tenantRoles } from '../actor';
import { dayMs } from '../time';
import type { TenantPerson } from './ports';

/** How long a temporary password lasts, ms. Source: the user pool’s setting, 7 days. */
const invitationMs = 7 * dayMs;

/** What a person can do now. `expired`: invited, and the temporary password is over. */
export type PersonStanding = 'active' | 'invited' | 'expired' | 'disabled';

export function standingOf({ disabledAt, lastSeenAt, ...person }: TenantPerson, now: Date): PersonStanding {
  if (disabledAt !== null) return 'disabled';
  if (lastSeenAt !== null) return 'active';
  const until = invitationUntil(person);
  return until !== null && until > now ? 'invited' : 'expired';
}

/** Until when the temporary password of an invitation lasts; null if none was mailed. */
export const invitationUntil = ({ invitationSentAt }: Pick<TenantPerson, 'invitationSentAt'>): Date | null =>
  invitationSentAt && new Date(invitationSentAt.getTime() + invitationMs);

/** Whether somebody works for the SaaS or sells models, too: an owner does not change them. */
export const isMoreThanOfTenant = ({ roles }: Pick<TenantPerson, 'roles'>): boolean =>
  roles.some((role) => !(tenantRoles as readonly string[]).includes(role));

/** Whether somebody is an owner who can act as one now. */
export const ownsNow = ({ roles, disabledAt, lastSeenAt }: TenantPerson): boolean =>
  roles.includes('owner') && disabledAt === null && lastSeenAt !== null;
