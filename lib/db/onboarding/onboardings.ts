import { z } from 'zod';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import {
  type Onboarding,
  type OnboardingRecord,
  type Onboardings,
  onboardingStates,
  onboardingSteps,
} from '@/lib/domain/onboarding/ports';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readControl, withControl } from '../core/control-scope';
import { openRecords } from '../core/open-records';
import { stepsAsJson, storedSteps } from '../core/steps';
import { readTenant, withTenant } from '../core/tenant-scope';
import type { RunQuery, Transaction } from '../core/transaction';
import { type Onboarding as OnboardingRow, Prisma } from '../generated/client';
import { usablePlan } from '../plans/plan-book';

const stepsColumn = storedSteps(onboardingSteps);

const columns = Prisma.raw(
  `tenant_id AS "tenantId", owner_email AS "ownerEmail", owner_id AS "ownerId", variant_id AS "variantId", state, steps, attempt,
   revision, asked_by_id AS "askedById", asked_by AS "askedBy", asked_at AS "askedAt", updated_at AS "updatedAt"`,
);

/** The onboarding of `tenantId`. */
export const onboardingRecord = (tenantId: string): OnboardingRecord => ({
  load: () => readTenant(tenantId, (query) => find(query, tenantId)),
  update: (onboarding) => withTenant(tenantId, (tx) => replace(tx, onboarding)),
});

/** The onboardings of all tenants. */
export const onboardings = (): Onboardings => ({
  get: (tenantId) => readControl((query) => find(query, tenantId)),
  create,
  taken: ({ ids, names }) =>
    readControl(async (query) => {
      const [byId, byName] = await Promise.all([
        query<{ id: string }>(Prisma.sql`SELECT id FROM tenant WHERE id = ANY (${[...ids]}::text[])`),
        query<{ name: string }>(Prisma.sql`
          SELECT lower(name) AS name FROM tenant
          WHERE lower(name) IN (SELECT lower(n) FROM unnest(${[...names]}::text[]) n)
            AND state NOT IN ('closed', 'declined')`),
      ]);
      return { ids: new Set(byId.map(({ id }) => id)), names: new Set(byName.map(({ name }) => name)) };
    }),
  update: (onboarding, event) =>
    withControl(async (tx) => {
      const written = await replace(tx, onboarding);
      await appendAudit(tx, onboarding.tenantId, event);
      return written;
    }),
  open: async (page) => {
    const { records, next } = await openRecords(
      'onboarding',
      Prisma.sql`state IN ('running', 'undoing')`,
      page,
    );
    return { onboardings: records, next };
  },
});

async function find(query: RunQuery, tenantId: string): Promise<Onboarding | null> {
  const [row] = await query<OnboardingRow>(
    Prisma.sql`SELECT ${columns} FROM onboarding WHERE tenant_id = ${tenantId}`,
  );
  if (!row) return null;
  const { askedById, askedBy, state, steps, ...rest } = row;
  return {
    ...rest,
    state: z.enum(onboardingStates).parse(state),
    steps: stepsColumn.parse(steps),
    askedBy: { id: askedById, name: askedBy },
  };
}

async function create(
  { name, planId }: Parameters<Onboardings['create']>[0],
  onboarding: Onboarding,
  event: AuditEvent,
): Promise<void> {
  const { tenantId: id } = onboarding;
  await withControl(async (tx) => {
    const taken = await holderOfName(tx, name);
    if (taken !== null) throw isTaken('name', `The name ${name} is taken by the tenant ${taken}.`);
    await usablePlan(tx, planId);
    const { count } = await tx.tenant.createMany({ data: [{ id, name, planId }], skipDuplicates: true });
    if (count === 0) throw isTaken('tenantId', `The id ${id} is taken. Ids are never given again.`);
    await beginOnboarding(tx, onboarding);
    await appendAudit(tx, id, event);
  });
}

/** The id of the open tenant with that name, in any case of letters; null for none. Until the end of `tx`, nobody else gets a name. */
export async function holderOfName(tx: Transaction, name: string): Promise<string | null> {
  // Two at once would both find the name free.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('tenant names', 0))`;
  const [taken] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM tenant WHERE lower(name) = lower(${name}) AND state NOT IN ('closed', 'declined') LIMIT 1`;
  return taken?.id ?? null;
}

/** Stores a new onboarding of a tenant that is there. */
export async function beginOnboarding(
  tx: Transaction,
  { askedBy, steps, ...rest }: Onboarding,
): Promise<void> {
  const stored = { ...rest, askedById: askedBy.id, askedBy: askedBy.name, steps: stepsAsJson(steps) };
  await tx.onboarding.create({ data: stored });
}

const isTaken = (field: string, text: string) =>
  new AnnexError('conflict', text, { fields: { [field]: text } });

async function replace(tx: Transaction, onboarding: Onboarding): Promise<Onboarding> {
  const { tenantId, revision, state, steps, attempt, ownerId, updatedAt } = onboarding;
  const next = { ownerId, state, steps: stepsAsJson(steps), attempt, updatedAt, revision: revision + 1 };
  const { count } = await tx.onboarding.updateMany({
    where: { tenantId, revision },
    data: next,
  });
  if (count > 0) return { ...onboarding, revision: revision + 1 };
  throw new AnnexError('conflict', 'Somebody else changed this onboarding. Reload the page.');
}
