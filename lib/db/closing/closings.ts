import { z } from 'zod';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { sealed } from '@/lib/domain/closing/certificate';
import {
  type Closing,
  type ClosingCounts,
  type ClosingRecord,
  type Closings,
  closingStates,
  closingSteps,
} from '@/lib/domain/closing/ports';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readControl, withControl } from '../core/control-scope';
import { openRecords } from '../core/open-records';
import { stepsAsJson, storedSteps } from '../core/steps';
import { readTenant, withTenant } from '../core/tenant-scope';
import type { RunQuery, Transaction } from '../core/transaction';
import { type Closing as ClosingRow, Prisma } from '../generated/client';
import { moveTenant } from '../tenants/move-tenant';

const stepsColumn = storedSteps(closingSteps);
const whole = z.number().int().min(0);
const countsColumn: z.ZodType<ClosingCounts> = z.object({
  people: whole,
  customers: whole,
  orders: whole,
  tickets: whole,
  models: whole,
  requests: whole,
  endpoints: whole.nullable(),
  apps: whole.nullable(),
  profiles: whole.nullable(),
  objects: whole.nullable(),
  bytes: whole.nullable(),
});
const leftColumn = z.array(
  z.object({ what: z.string(), reason: z.string(), usdPerHour: z.number().nullable() }),
);

const columns = Prisma.raw(
  `tenant_id AS "tenantId", reason, state, steps, delete_after AS "deleteAfter", counts, left_over AS "leftOver", certificate, attempt,
   revision, asked_by_id AS "askedById", asked_by AS "askedBy", asked_at AS "askedAt", updated_at AS "updatedAt"`,
);

/** The closing of `tenantId`. */
export const closingRecord = (tenantId: string): ClosingRecord => ({
  load: () => readTenant(tenantId, (query) => find(query, tenantId)),
  update: (closing, event) =>
    withTenant(tenantId, async (tx) => {
      const written = await replace(tx, closing);
      if (event) await appendAudit(tx, tenantId, event);
      return written;
    }),
  end: (closing, event) => withControl((tx) => end(tx, closing, event)),
});

/** The closings of all tenants. */
export const closings = (): Closings => ({
  get: (tenantId) => readControl((query) => find(query, tenantId)),
  begin: (closing, from, event) =>
    withControl(async (tx) => {
      await moveTenant(tx, closing.tenantId, from, 'closing');
      await begin(tx, closing);
      await appendAudit(tx, closing.tenantId, event);
    }),
  update: (closing, event, to) =>
    withControl(async (tx) => {
      const written = await replace(tx, closing);
      await tx.closing.updateMany({
        where: { tenantId: closing.tenantId },
        data: { deleteAfter: closing.deleteAfter },
      });
      if (to) await moveTenant(tx, closing.tenantId, ['closing'], to);
      await appendAudit(tx, closing.tenantId, event);
      return written;
    }),
  open: async ({ now, ...page }) => {
    const { records, next } = await openRecords(
      'closing',
      Prisma.sql`state = 'running' AND (delete_after <= ${now} OR steps @> '[{"name":"grace","state":"pending"}]')`,
      page,
    );
    return { closings: records, next };
  },
});

async function find(query: RunQuery, tenantId: string): Promise<Closing | null> {
  const [row] = await query<ClosingRow>(
    Prisma.sql`SELECT ${columns} FROM closing WHERE tenant_id = ${tenantId}`,
  );
  if (!row) return null;
  const { askedById, askedBy, state, steps, counts, leftOver, certificate, ...rest } = row;
  return {
    ...rest,
    state: z.enum(closingStates).parse(state),
    steps: stepsColumn.parse(steps),
    counts: counts === null ? null : countsColumn.parse(counts),
    left: leftColumn.parse(leftOver),
    certificate: certificate === null ? null : sealed(certificate),
    askedBy: { id: askedById, name: askedBy },
  };
}

/** A tenant that was kept may be closed again later. */
async function begin(tx: Transaction, closing: Closing): Promise<void> {
  const { tenantId, askedBy, certificate: _, left, counts, ...rest } = closing;
  const stored = {
    ...rest,
    steps: stepsAsJson(closing.steps),
    counts: counts ? { ...counts } : Prisma.DbNull,
    leftOver: left.map((each) => ({ ...each })),
    certificate: null,
    askedById: askedBy.id,
    askedBy: askedBy.name,
  };
  await tx.closing.upsert({
    where: { tenantId },
    create: { tenantId, ...stored },
    update: { ...stored, revision: { increment: 1 } },
  });
}

async function replace(tx: Transaction, closing: Closing): Promise<Closing> {
  const { tenantId, revision, state, steps, counts, left, attempt, updatedAt } = closing;
  const { count } = await tx.closing.updateMany({
    where: { tenantId, revision },
    data: {
      state,
      steps: stepsAsJson(steps),
      counts: counts ? { ...counts } : Prisma.DbNull,
      leftOver: left.map((each) => ({ ...each })),
      attempt,
      updatedAt,
      revision: revision + 1,
    },
  });
  if (count > 0) return { ...closing, revision: revision + 1 };
  throw new AnnexError('conflict', 'Somebody else changed this closing. Reload the page.');
}

/** What names people goes last: until then, the onboarding and the sign-up are still there to look at. */
async function end(tx: Transaction, closing: Closing, event: AuditEvent): Promise<Closing> {
  const { tenantId, certificate } = closing;
  await tx.onboarding.deleteMany({ where: { tenantId } });
  await tx.signUp.deleteMany({ where: { tenantId } });
  const written = await replace(tx, closing);
  await tx.closing.updateMany({ where: { tenantId }, data: { certificate: certificate?.text ?? null } });
  await moveTenant(tx, tenantId, ['closing'], 'closed');
  await appendAudit(tx, tenantId, event);
  return written;
}
