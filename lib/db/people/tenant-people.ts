import { z } from 'zod';
import type { Group } from '@/lib/domain/actor';
import type {
  PeopleOfTenants,
  PeoplePage,
  PersonChange,
  TenantPeople,
  TenantPerson,
} from '@/lib/domain/people/ports';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readControl } from '../core/control-scope';
import { edgeAt, pageAt } from '../core/keyset';
import { readTenant, withTenant } from '../core/tenant-scope';
import type { Transaction } from '../core/transaction';
import { Prisma } from '../generated/client';

const columns = Prisma.raw(
  `sub AS id, email, roles, disabled_at AS "disabledAt", last_seen_at AS "lastSeenAt", invited_at AS "invitedAt",
   invitation_sent_at AS "invitationSentAt"`,
);

const position = z.tuple([z.string(), z.string()]);

/** A change waits for Amazon Cognito, which may be tried three times, ms. */
const changeTimeoutMs = 40_000;

/** The people of `tenantId`. */
export function tenantPeople(tenantId: string): TenantPeople {
  return {
    list: (page) => listPeople((work) => readTenant(tenantId, work), tenantId, page),
    get: async (id) => {
      const [person] = await readTenant(tenantId, (query) =>
        query<TenantPerson>(Prisma.sql`SELECT ${columns} FROM app_user WHERE sub = ${id}`),
      );
      return person ?? null;
    },
    count: async () => {
      const [row] = await readTenant(tenantId, (query) =>
        query<{ count: number }>(Prisma.sql`SELECT count(*)::integer AS count FROM app_user`),
      );
      return row?.count ?? 0;
    },
    add: (email, work) =>
      withTenant(
        tenantId,
        async (tx) => {
          await oneAtATime(tx, tenantId);
          const { person, event } = await work(await presentIn(tx, email));
          const { id, roles, invitedBy } = person;
          const row = { sub: id, tenantId, email, roles: [...roles], invitedBy, invitedAt: new Date() };
          const { count } = await tx.appUser.createMany({ data: [row], skipDuplicates: true });
          if (count > 0) await appendAudit(tx, tenantId, event);
          return id;
        },
        { timeoutMs: changeTimeoutMs },
      ),
    forget: (id, event) =>
      withTenant(tenantId, async (tx) => {
        const { count } = await tx.appUser.deleteMany({ where: { sub: id } });
        if (count > 0) await appendAudit(tx, tenantId, event);
      }),
    change: (id, work) =>
      withTenant(
        tenantId,
        async (tx) => {
          await oneAtATime(tx, tenantId);
          const { person, otherOwners } = await personIn(tx, id);
          const done = await work(person, otherOwners);
          if (!done) return;
          await store(tx, id, done.change);
          await appendAudit(tx, tenantId, done.event);
        },
        { timeoutMs: changeTimeoutMs },
      ),
  };
}

/** Changes of the tenant’s people wait for each other. */
async function oneAtATime(tx: Transaction, tenantId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`people/${tenantId}`}, 0))`;
}

async function presentIn(tx: Transaction, email: string) {
  const [row] = await tx.$queryRaw<{ count: number; isThere: boolean }[]>`
    SELECT count(*)::integer AS count, coalesce(bool_or(lower(email) = lower(${email})), false) AS "isThere" FROM app_user`;
  return row ?? { count: 0, isThere: false };
}

async function personIn(tx: Transaction, id: string) {
  const [person] = await tx.$queryRaw<TenantPerson[]>`SELECT ${columns} FROM app_user WHERE sub = ${id}`;
  if (!person) throw new AnnexError('not_found', 'Nobody of your organisation has this id.');
  const [owners] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM app_user
    WHERE 'owner' = ANY (roles) AND disabled_at IS NULL AND last_seen_at IS NOT NULL AND sub <> ${id}`;
  return { person, otherOwners: owners?.count ?? 0 };
}

async function store(tx: Transaction, sub: string, change: PersonChange): Promise<void> {
  switch (change.kind) {
    case 'roles':
      await tx.appUser.updateMany({ where: { sub }, data: { roles: [...change.roles] satisfies Group[] } });
      return;
    case 'disabled':
      await tx.$executeRaw`
        UPDATE app_user SET disabled_at = CASE WHEN ${change.disabled} THEN coalesce(disabled_at, now()) END WHERE sub = ${sub}`;
      return;
    case 'invitation sent':
      await tx.appUser.updateMany({ where: { sub }, data: { invitationSentAt: change.at } });
      return;
    case 'removed':
      await tx.appUser.deleteMany({ where: { sub } });
  }
}

/** Administrators read people under the control plane’s role, which sees those of every tenant. */
export const peopleOfTenants = (): PeopleOfTenants => ({
  list: (tenantId, page) => listPeople(readControl, tenantId, page),
});

async function listPeople(
  read: typeof readControl,
  tenantId: string,
  { cursor, limit }: Parameters<TenantPeople['list']>[0],
): Promise<PeoplePage> {
  const edge = edgeAt(position, cursor);
  const back = edge?.d === 'p';
  const mine = Prisma.sql`tenant_id = ${tenantId}`;
  const beyond = edge
    ? Prisma.sql`AND (email, sub) ${Prisma.raw(back ? '<' : '>')} (${edge.k[0]}, ${edge.k[1]})`
    : Prisma.empty;
  const order = Prisma.raw(back ? 'email DESC, sub DESC' : 'email, sub');
  return read(async (query) => {
    const found = await query<TenantPerson>(
      Prisma.sql`SELECT ${columns} FROM app_user WHERE ${mine} ${beyond} ORDER BY ${order} LIMIT ${limit + 1}`,
    );
    const { rows, ...links } = pageAt(found, { edge, limit, keyOf: ({ email, id }) => [email, id] });
    const [first] = rows;
    const [counts] = await query<{ total: number; before: number }>(
      Prisma.sql`SELECT count(*)::integer AS total,
          count(*) FILTER (WHERE (email, sub) < (${first?.email ?? ''}, ${first?.id ?? ''}))::integer AS before
        FROM app_user WHERE ${mine}`,
    );
    return { ...links, people: rows, total: counts?.total ?? 0, first: (counts?.before ?? 0) + 1 };
  });
}
