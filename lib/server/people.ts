import { auditLog } from '@/lib/db/core/audit-log';
import { endSessions, findPersonState, type PersonState, recordUser } from '@/lib/db/tenants/users';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { Action } from '@/lib/domain/authorize';
import { hasSameAccess, type Identity } from './claims';
import type { CurrentSession } from './session';

/** The database's current state of a signed-in person. */
export type Person = PersonState;

/** Reads the person's user and tenant rows, which decide whether the session goes on. */
export const findPerson = (session: CurrentSession): Promise<Person> => findPersonState(session);

/** Records a sign-in from a token that was just verified. Returns when the session begins, ms since the epoch. */
export async function beginSession(identity: Identity, requestId: string): Promise<number> {
  const { signedInAt, tenantId } = await recordUser(identity);
  await audit(identity, tenantId, requestId, 'session.signed-in', { roles: identity.roles.join(' ') });
  return signedInAt;
}

/**
 * Records the token of a renewal. Returns whether the session goes on: not if the person's roles or tenant are others
 * than before, and not if it was ended meanwhile.
 */
export async function continueSession(
  session: CurrentSession,
  fresh: Identity,
  requestId: string,
): Promise<boolean> {
  await recordUser(fresh);
  const { ended, tenant } = await findPerson(session);
  if (ended && !hasSameAccess(session, fresh)) {
    await audit(fresh, tenant?.id ?? null, requestId, 'session.ended', { reason: 'access changed' });
  }
  return !ended;
}

/** Ends all sessions of a session's person: by a sign-out, or because the user pool renews this one no more. */
export async function endAllSessions(
  session: CurrentSession,
  by: 'sign-out' | 'refused renewal',
  requestId: string,
): Promise<void> {
  const { ended, tenant } = await findPerson(session);
  // Whoever kept the cookie of a session that is over must not end those that began since.
  if (ended) return;
  await endSessions(session);
  const tenantId = tenant?.id ?? null;
  if (by === 'sign-out') await audit(session, tenantId, requestId, 'session.signed-out');
  else
    await audit(session, tenantId, requestId, 'session.ended', {
      reason: 'renewal refused by the user pool',
    });
}

/**
 * Records that a person was refused `action`. One row for a person, action and minute at most, so that nobody fills the
 * audit by asking again.
 */
export async function recordRefusal(
  session: CurrentSession,
  action: Action,
  requestId: string,
): Promise<void> {
  const { tenant } = await findPerson(session);
  const idempotencyKey = `access.refused/${session.sub}/${action}/${Math.floor(Date.now() / 60_000)}`;
  await audit(
    session,
    tenant?.id ?? null,
    requestId,
    'access.refused',
    { action },
    { idempotencyKey, result: 'refused' },
  );
}

function audit(
  { sub, email, roles }: Identity,
  tenantId: string | null,
  requestId: string,
  action: AuditEvent['action'],
  detail: AuditEvent['detail'] = {},
  rest: Pick<AuditEvent, 'idempotencyKey' | 'result'> = {},
): Promise<void> {
  const who = { actorId: sub, actorName: email, roles, subject: `user/${sub}` };
  return auditLog(tenantId).append({ action, ...who, requestId, detail, ...rest });
}
