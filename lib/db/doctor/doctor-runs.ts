import { z } from 'zod';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { failingOf } from '@/lib/domain/doctor/links';
import {
  type Doctor,
  type DoctorRun,
  type Doctors,
  faultNames,
  type LinkName,
  type LinkResult,
  linkNames,
  linkStates,
} from '@/lib/domain/doctor/ports';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readControl, withControl } from '../core/control-scope';
import { readTenant, withTenant } from '../core/tenant-scope';
import type { RunQuery, Transaction } from '../core/transaction';
import { Prisma } from '../generated/client';

/** How long a run may take before another one may begin. */
const patience = '2 minutes';

const instant = z.iso.datetime().transform((text) => new Date(text));
const call = z.object({ operation: z.string(), resource: z.string() });
const storedLinks = z.array(
  z.object({
    name: z.enum(linkNames),
    state: z.enum(linkStates),
    calls: z.array(call),
    found: z.string(),
    answer: z.object({ code: z.string(), text: z.string() }).nullable(),
    fault: z.enum(faultNames).nullable(),
    fix: z
      .object({
        words: z.string(),
        console: z.string().nullable(),
        policy: z.string().nullable(),
        page: z.enum(['workbench', 'model']).nullable(),
      })
      .nullable(),
    because: z.enum(linkNames).nullable(),
    at: instant,
    ms: z.number(),
  }),
);

interface Row {
  readonly links: unknown;
  readonly askedBy: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** What a doctor remembers. */
export type DoctorRecord = Omit<Doctor, 'examine'>;

interface Scope {
  readonly read: <T>(work: (query: RunQuery) => Promise<T>) => Promise<T>;
  readonly write: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;
}

/** The record of `tenantId`'s doctor, for its own people. */
export const doctorRecord = (tenantId: string): DoctorRecord =>
  recordIn(tenantId, {
    read: (work) => readTenant(tenantId, work),
    write: (work) => withTenant(tenantId, work),
  });

/** The records of all doctors, for the control plane. */
export const doctorRecords = (): { of(tenantId: string): DoctorRecord } & Pick<Doctors, 'health'> => ({
  of: (tenantId) => recordIn(tenantId, { read: readControl, write: withControl }),
  health: (tenantIds) =>
    readControl((query) =>
      query(Prisma.sql`
        SELECT tenant_id AS "tenantId", failing, finished_at AS at FROM doctor_run
        WHERE tenant_id = ANY (${[...tenantIds]}::text[]) AND finished_at IS NOT NULL`),
    ),
});

function recordIn(tenantId: string, { read, write }: Scope): DoctorRecord {
  return {
    last: () =>
      read(async (query) => {
        const [row] = await query<Row>(Prisma.sql`
          SELECT links, asked_by AS "askedBy", started_at AS "startedAt", finished_at AS "finishedAt"
          FROM doctor_run WHERE tenant_id = ${tenantId} AND finished_at IS NOT NULL`);
        return row ? { ...row, links: storedLinks.parse(row.links) } : null;
      }),
    begin: async ({ name }) => {
      const begun = await write(
        (tx) => tx.$executeRaw`
          INSERT INTO doctor_run AS d (tenant_id, asked_by, started_at, busy_until)
          VALUES (${tenantId}, ${name}, clock_timestamp(), clock_timestamp() + ${patience}::interval)
          ON CONFLICT (tenant_id) DO UPDATE SET busy_until = EXCLUDED.busy_until
          WHERE d.busy_until IS NULL OR d.busy_until < clock_timestamp()`,
      );
      if (begun === 0) throw busy();
    },
    release: () =>
      write(
        (tx) => tx.$executeRaw`UPDATE doctor_run SET busy_until = NULL WHERE tenant_id = ${tenantId}`,
      ).then(() => undefined),
    keep: (run, event) => write((tx) => keep(tx, tenantId, run, event)),
  };
}

const busy = () =>
  new AnnexError(
    'conflict',
    'The doctor is at work for this organisation already. Reload the page in a moment.',
  );

async function keep(tx: Transaction, tenantId: string, run: DoctorRun, event: AuditEvent): Promise<void> {
  const [row] = await tx.$queryRaw<{ links: unknown }[]>`
    SELECT links FROM doctor_run WHERE tenant_id = ${tenantId} FOR UPDATE`;
  const earlier = storedLinks.safeParse(row?.links ?? []).data ?? [];
  const newest = (name: LinkName) =>
    run.links.find((link) => link.name === name) ?? earlier.find((link) => link.name === name) ?? [];
  const links: readonly LinkResult[] = linkNames.flatMap(newest);
  await tx.$executeRaw`
    UPDATE doctor_run SET links = ${JSON.stringify(links)}::jsonb, failing = ${failingOf(links)}, asked_by = ${run.askedBy},
      started_at = ${run.startedAt}, finished_at = ${run.finishedAt}, busy_until = NULL
    WHERE tenant_id = ${tenantId}`;
  await appendAudit(tx, tenantId, event);
}
