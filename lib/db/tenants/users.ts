import type { PeopleDirectory } from '@/lib/domain/tenants/ports';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import { readControl, withControl } from '../core/control-scope';
import { Prisma } from '../generated/client';
import { toTenant } from './tenant-rows';

/** What a verified token says about a person. */
export interface TokenUser {
  readonly sub: string;
  readonly email: string;
  readonly roles: readonly string[];
  /** As the token names it; it may be unknown. */
  readonly tenantId: string | null;
  readonly sellerId: string | null;
}

/** A session, as far as the database can end it. `signedInAt` is when it began, in ms since the epoch. */
export interface SessionKey {
  readonly sub: string;
  readonly tenantId: string | null;
  readonly signedInAt: number;
}

/** The current state of a signed-in person. */
export interface PersonState {
  readonly disabled: boolean;
  /** Whether the session is over: ended by a sign-out, a change of the person or tenant, or because the person has no row. */
  readonly ended: boolean;
  /** Null when the session names no tenant or an unknown one. */
  readonly tenant: Tenant | null;
}

interface StateRow {
  readonly known: boolean;
  readonly disabled: boolean;
  readonly personValidAfter: Date | null;
  readonly tenantValidAfter: Date | null;
  /** Columns of the tenant; the id is null without one. */
  readonly id: string | null;
  readonly name: string;
  readonly state: string;
  readonly accountId: string | null;
  readonly createdAt: Date;
}

/**
 * Reads the rows of a session's person and tenant: at every request, so in one query. While the tenant is suspended, only the
 * person's row can end the session.
 */
export async function findPersonState({ sub, tenantId, signedInAt }: SessionKey): Promise<PersonState> {
  const [row] = await readControl((query) =>
    query<StateRow>(Prisma.sql`
      SELECT u.sub IS NOT NULL AS known, u.disabled_at IS NOT NULL AS disabled,
        u.sessions_valid_after AS "personValidAfter", t.sessions_valid_after AS "tenantValidAfter",
        t.id, t.name, t.state, t.account_id AS "accountId", t.created_at AS "createdAt"
      FROM (VALUES (1)) AS one
      LEFT JOIN app_user u ON u.sub = ${sub}
      LEFT JOIN tenant t ON t.id = ${tenantId}`),
  );
  if (!row) throw new Error('the query of a person gave no row');
  const { known, disabled, personValidAfter, tenantValidAfter, id, ...rest } = row;
  const tenant = id === null ? null : toTenant({ id, ...rest });
  const over = (validAfter: Date | null) => validAfter !== null && signedInAt <= validAfter.getTime();
  const ended = !known || over(personValidAfter) || (tenant?.state === 'active' && over(tenantValidAfter));
  return { disabled, ended, tenant };
}

/** What recording a person gives. */
export interface RecordedUser {
  /**
   * When a session that begins now begins, in ms since the epoch: by the database's clock, which all portals share, and
   * later than any session that was ended.
   */
  readonly signedInAt: number;
  /** Null when the token names no tenant or an unknown one. */
  readonly tenantId: string | null;
}

/**
 * Records what a verified token says about a person, and that they were here now. Other roles or another tenant than
 * before end all sessions that began until now. A seller that is new is added. Does not change whether they are disabled.
 */
export async function recordUser({
  sub,
  email,
  roles,
  tenantId,
  sellerId,
}: TokenUser): Promise<RecordedUser> {
  const [row] = await withControl(
    (tx) => tx.$queryRaw<RecordedUser[]>`
      WITH named AS (
        INSERT INTO seller (id) SELECT ${sellerId}::text WHERE ${sellerId}::text IS NOT NULL ON CONFLICT DO NOTHING
      )
      INSERT INTO app_user (sub, email, roles, tenant_id, seller_id, last_seen_at)
      VALUES (${sub}, ${email}, ${[...roles]}, (SELECT id FROM tenant WHERE id = ${tenantId}), ${sellerId}, clock_timestamp())
      ON CONFLICT (sub) DO UPDATE SET email = excluded.email, roles = excluded.roles,
        tenant_id = excluded.tenant_id, seller_id = excluded.seller_id, last_seen_at = excluded.last_seen_at
      RETURNING tenant_id AS "tenantId", ceil(1000 * extract(epoch FROM greatest(
        clock_timestamp(),
        app_user.sessions_valid_after + interval '1 ms',
        (SELECT sessions_valid_after FROM tenant WHERE id = app_user.tenant_id) + interval '1 ms'
      )))::float8 AS "signedInAt"`,
  );
  if (!row) throw new Error('the upsert of a user returned no row');
  return row;
}

/** Ends this session and every other one of the person that has begun until now. */
export async function endSessions({ sub, signedInAt }: SessionKey): Promise<void> {
  await withControl(
    (tx) => tx.$executeRaw`
      UPDATE app_user SET sessions_valid_after =
        greatest(clock_timestamp(), sessions_valid_after, to_timestamp(${signedInAt}::float8 / 1000))
      WHERE sub = ${sub}`,
  );
}

/** The people who have signed in at least once. */
export const peopleDirectory = (): PeopleDirectory => ({
  setDisabled: (email, disabled) =>
    withControl(
      (tx) => tx.$queryRaw<{ id: string; name: string }[]>`
        UPDATE app_user SET disabled_at = CASE WHEN ${disabled} THEN coalesce(disabled_at, now()) END
        WHERE lower(email) = lower(${email})
        RETURNING sub AS id, email AS name`,
    ),
});
