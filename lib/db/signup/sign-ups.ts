import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { AdmissionDecision, SignUp, SignUps, TenantRequest } from '@/lib/domain/signup/ports';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readControl, withControl } from '../core/control-scope';
import type { Transaction } from '../core/transaction';
import { Prisma, type SignUp as SignUpRow } from '../generated/client';
import { beginOnboarding, holderOfName } from '../onboarding/onboardings';
import { usablePlan } from '../plans/plan-book';
import { toTenant } from '../tenants/tenant-rows';

/** A decision waits for Amazon Cognito and Amazon SES, each of which may be tried three times, ms. */
const decisionTimeoutMs = 80_000;

const columns = Prisma.raw(
  `id, organisation, person, email, user_id AS "userId", created_at AS "createdAt", expires_at AS "expiresAt",
   confirmed_at AS "confirmedAt", tenant_id AS "tenantId"`,
);

/** The sign-ups of everybody. */
export const signUps = (): SignUps => ({
  add: async (signUp) => {
    await withControl((tx) => tx.signUp.createMany({ data: [signUp] }));
  },
  get: async (id) => (await find(Prisma.sql`WHERE id = ${id}`))[0] ?? null,
  ofTenant: async (tenantId) => (await find(Prisma.sql`WHERE tenant_id = ${tenantId}`))[0] ?? null,
  recent: async (email, since) => {
    const [row] = await readControl((query) =>
      query<{ count: number; known: boolean }>(Prisma.sql`
        SELECT count(*)::integer AS count, coalesce(bool_or(user_id IS NULL), false) AS known FROM sign_up
        WHERE lower(email) = lower(${email}) AND created_at >= ${since}`),
    );
    return row ?? { count: 0, known: false };
  },
  count: (id, what, most) =>
    withControl(async (tx) => {
      const { count } = await tx.signUp.updateMany({
        where: { id, [what]: { lt: most } },
        data: { [what]: { increment: 1 } },
      });
      return count > 0;
    }),
  confirm: async (id, at) => {
    await withControl((tx) =>
      tx.signUp.updateMany({ where: { id, confirmedAt: null }, data: { confirmedAt: at } }),
    );
  },
  request,
  decide,
  expired: (at, limit) =>
    find(Prisma.sql`WHERE tenant_id IS NULL AND expires_at <= ${at} ORDER BY expires_at LIMIT ${limit}`),
  remove: async (id) => {
    await withControl((tx) => tx.signUp.deleteMany({ where: { id, tenantId: null } }));
  },
});

const find = (clauses: Prisma.Sql): Promise<readonly SignUp[]> =>
  readControl((query) => query<SignUp>(Prisma.sql`SELECT ${columns} FROM sign_up ${clauses}`));

function request(
  id: string,
  { name, ids }: { readonly name: string; readonly ids: readonly string[] },
  event: (tenantId: string) => AuditEvent,
): Promise<string> {
  return withControl(async (tx) => {
    const taken = await holderOfName(tx, name);
    // After the lock of the names, so that a second request of the same sign-up finds what the first one stored.
    const present = await tx.signUp.findUnique({ where: { id } });
    if (!present?.confirmedAt) throw new AnnexError('not_found', 'This sign-up is over. Sign up again.');
    if (present.tenantId !== null) return present.tenantId;
    if (taken !== null) throw nameTaken();
    const tenantId = await addTenant(tx, name, ids);
    await tx.signUp.update({ where: { id }, data: { tenantId, organisation: name } });
    await appendAudit(tx, tenantId, event(tenantId));
    return tenantId;
  });
}

async function addTenant(tx: Transaction, name: string, ids: readonly string[]): Promise<string> {
  for (const id of ids) {
    const { count } = await tx.tenant.createMany({
      data: [{ id, name, state: 'requested' }],
      skipDuplicates: true,
    });
    if (count > 0) return id;
  }
  throw new AnnexError('conflict', 'Annex found no free id for your organisation. Try again.');
}

const nameTaken = () => {
  const text = 'This name is taken. Choose another, or ask your colleagues for an invitation.';
  return new AnnexError('conflict', text, { fields: { organisation: text } });
};

function decide(
  tenantId: string,
  work: (tenant: Tenant, signUp: TenantRequest) => Promise<AdmissionDecision>,
): Promise<void> {
  return withControl(
    async (tx) => {
      await tx.$queryRaw`SELECT id FROM tenant WHERE id = ${tenantId} FOR UPDATE`;
      const tenant = await tx.tenant.findUnique({ where: { id: tenantId } });
      const signUp = await tx.signUp.findUnique({ where: { tenantId } });
      if (!tenant || !signUp?.userId)
        throw new AnnexError('not_found', 'No tenant with this id has signed up.');
      if (tenant.state !== 'requested') {
        throw new AnnexError('conflict', `${tenant.name} is ${tenant.state} now. Reload the page.`);
      }
      const decision = await work(toTenant(tenant), { ...toSignUp(signUp), userId: signUp.userId, tenantId });
      await tx.tenant.update({ where: { id: tenantId }, data: { state: decision.to } });
      if (decision.to === 'active') {
        await usablePlan(tx, decision.planId);
        await tx.tenant.update({ where: { id: tenantId }, data: { planId: decision.planId } });
        await beginOnboarding(tx, decision.onboarding);
      }
      await appendAudit(tx, tenantId, decision.event);
    },
    { timeoutMs: decisionTimeoutMs },
  );
}

const toSignUp = ({ tries: _, resends: __, ...signUp }: SignUpRow): SignUp => signUp;
