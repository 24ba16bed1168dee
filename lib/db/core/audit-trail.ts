import { z } from 'zod';
import {
  type AuditEntry,
  type AuditPage,
  type AuditQuery,
  type AuditTrail,
  type AuditTrails,
  auditResults,
} from '@/lib/domain/audit/ports';
import { Prisma } from '../generated/client';
import { readControl } from './control-scope';
import { edgeAt, pageAt } from './keyset';
import { readTenant } from './tenant-scope';
import type { RunQuery } from './transaction';

type EntryRow = Omit<AuditEntry, 'result'> & { readonly result: string };

/** Columns of `EntryRow` from `audit_event`. */
const entryColumns =
  Prisma.raw(`id, at, tenant_id AS "tenantId", actor_name AS "actorName", roles, action, subject, result,
  detail, "before", "after", request_id AS "requestId"`);

const position = z.tuple([z.iso.datetime(), z.string()]);

/** Greater than every character, in the order of bytes. */
const last = '\u{10ffff}';

/** `tenantId`’s own audit. */
export const auditTrail = (tenantId: string): AuditTrail => ({
  list: (query) => readTenant(tenantId, (run) => list(run, { ...query, tenantId })),
});

/** The audit of all tenants and of the control plane. */
export const auditTrails = (): AuditTrails => ({ list: (query) => readControl((run) => list(run, query)) });

async function list(
  run: RunQuery,
  { cursor, limit, ...filter }: AuditQuery & { readonly tenantId?: string | undefined },
): Promise<AuditPage> {
  const edge = edgeAt(position, cursor);
  const back = edge?.d === 'p';
  const beyond = edge
    ? Prisma.sql`(at, id) ${Prisma.raw(back ? '>' : '<')} (${new Date(edge.k[0])}::timestamptz, ${edge.k[1]})`
    : null;
  const conditions = [...conditionsOf(filter), ...(beyond ? [beyond] : [])];
  const where = conditions.length > 0 ? Prisma.sql`WHERE ${Prisma.join(conditions, ' AND ')}` : Prisma.empty;
  const found = await run<EntryRow>(
    Prisma.sql`SELECT ${entryColumns} FROM audit_event ${where}
      ORDER BY ${Prisma.raw(back ? 'at, id' : 'at DESC, id DESC')} LIMIT ${limit + 1}`,
  );
  const { rows, ...links } = pageAt(found, { edge, limit, keyOf: ({ at, id }) => [at.toISOString(), id] });
  return { ...links, entries: rows.map(toEntry) };
}

function conditionsOf({
  tenantId,
  actor,
  action,
  result,
  from,
  before,
  subject,
}: Omit<AuditQuery, 'limit'> & { readonly tenantId?: string | undefined }): Prisma.Sql[] {
  return [
    ...(tenantId === undefined ? [] : [Prisma.sql`tenant_id = ${tenantId}`]),
    ...(actor === undefined ? [] : [Prisma.sql`actor_name = ${actor}`]),
    ...(action === undefined ? [] : [Prisma.sql`action = ${action}`]),
    ...(result === undefined ? [] : [Prisma.sql`result = ${result}`]),
    ...(from === undefined ? [] : [Prisma.sql`at >= ${from}`]),
    ...(before === undefined ? [] : [Prisma.sql`at < ${before}`]),
    // Not LIKE, which an index cannot serve below row-level security.
    ...(subject === undefined
      ? []
      : [Prisma.sql`subject >= ${subject} AND subject < ${`${subject}${last}`}`]),
  ];
}

const toEntry = ({ result, ...row }: EntryRow): AuditEntry => {
  const known = auditResults.find((each) => each === result);
  if (!known) throw new Error(`audit_event holds the result ${result}`);
  return { ...row, result: known };
};
