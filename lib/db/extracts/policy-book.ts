import type { AuditEvent } from '@/lib/domain/audit/ports';
import { type DatasetName, datasetNames } from '@/lib/domain/extracts/ports';
import { policyColumns as storedColumns } from '@/lib/domain/extracts/schemas';
import type {
  NewPolicyVersion,
  OverriddenTenants,
  PolicyBook,
  PolicyScope,
  PolicySummary,
  PolicyVersion,
} from '@/lib/domain/policies/ports';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readControl, withControl } from '../core/control-scope';
import type { Transaction } from '../core/transaction';
import { Prisma, type ExtractPolicy as StoredPolicy } from '../generated/client';

type VersionRow = Omit<StoredPolicy, 'createdById'> & { readonly begun: boolean };

/** Columns of `VersionRow` from `extract_policy` or `extract_policies_in_force`, as `p`. */
const versionColumns =
  Prisma.raw(`p.dataset, p.version, p.tenant_id AS "tenantId", p.columns, p.row_limit AS "rowLimit",
  p.effective_at AS "effectiveAt", p.effective_at <= now() AS begun, p.note, p.created_at AS "createdAt", p.created_by AS "createdBy"`);

const inScope = ({ dataset, tenantId }: PolicyScope): Prisma.Sql =>
  Prisma.sql`p.dataset = ${dataset} AND p.tenant_id IS NOT DISTINCT FROM ${tenantId}::text`;

/** A version that a newer one of its scope does not overtake, as `p`: it is in force, or it will be. */
const stands = Prisma.raw(`NOT EXISTS (
  SELECT FROM extract_policy newer WHERE newer.dataset = p.dataset AND newer.tenant_id IS NOT DISTINCT FROM p.tenant_id
    AND newer.version > p.version AND newer.effective_at <= greatest(p.effective_at, now()))`);

/** The versions of the extract policies of all tenants. They are added and never changed. */
export function policyBook(): PolicyBook {
  return {
    summaries: () => readSummaries(),
    versions: (scope, limit) =>
      readControl(async (query) => {
        const rows = await query<VersionRow>(Prisma.sql`
          SELECT ${versionColumns} FROM extract_policy p WHERE ${inScope(scope)} ORDER BY p.version DESC LIMIT ${limit}`);
        return rows.flatMap(toVersion);
      }),
    inForce: ({ dataset, tenantId }) =>
      readControl(async (query) => {
        const rows = await query<VersionRow>(Prisma.sql`
          SELECT ${versionColumns} FROM extract_policies_in_force(${tenantId}::text) p WHERE p.dataset = ${dataset}`);
        return rows.flatMap(toVersion)[0] ?? null;
      }),
    overridden: (dataset, limit) => readOverridden(dataset, limit),
    append: (version, audit) => withControl((tx) => append(tx, version, audit)),
  };
}

async function readSummaries(): Promise<readonly PolicySummary[]> {
  const [standards, counts] = await readControl((query) =>
    Promise.all([
      query<VersionRow>(Prisma.sql`SELECT ${versionColumns} FROM extract_policies_in_force(NULL) p`),
      query<{ dataset: string; overrides: number; scheduled: number }>(Prisma.sql`
        SELECT p.dataset,
          count(*) FILTER (WHERE p.tenant_id IS NOT NULL AND p.columns IS NOT NULL AND p.effective_at <= now())::integer AS overrides,
          count(*) FILTER (WHERE p.effective_at > now())::integer AS scheduled
        FROM extract_policy p WHERE ${stands} GROUP BY p.dataset`),
    ]),
  );
  return datasetNames.map((dataset) => {
    const { overrides = 0, scheduled = 0 } = counts.find((row) => row.dataset === dataset) ?? {};
    const standard = standards.flatMap(toVersion).find((version) => version.dataset === dataset) ?? null;
    return { dataset, standard, overrides, scheduled };
  });
}

function readOverridden(dataset: DatasetName, limit: number): Promise<OverriddenTenants> {
  return readControl(async (query) => {
    const rows = await query<{ id: string; name: string; total: number }>(Prisma.sql`
      SELECT t.id, t.name, count(*) OVER ()::integer AS total FROM tenant t
      WHERE EXISTS (SELECT FROM extract_policy p
                    WHERE p.tenant_id = t.id AND p.dataset = ${dataset} AND p.columns IS NOT NULL AND ${stands})
      ORDER BY t.name, t.id LIMIT ${limit}`);
    return { tenants: rows.map(({ id, name }) => ({ id, name })), total: rows[0]?.total ?? 0 };
  });
}

async function append(
  tx: Transaction,
  version: NewPolicyVersion,
  audit: (version: number) => AuditEvent,
): Promise<number> {
  const { dataset, tenantId, content, effectiveAt, note, author, base } = version;
  // Numbers are unique in the dataset, over all tenants: they are given one at a time.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('annex.policies/' || ${dataset}, 0))`;
  const newest = async (where: Prisma.ExtractPolicyWhereInput) =>
    (await tx.extractPolicy.aggregate({ where, _max: { version: true } }))._max.version ?? 0;
  const present = await newest({ dataset, tenantId });
  if (present !== base) {
    throw new AnnexError(
      'conflict',
      `Somebody changed this policy meanwhile: version ${present} is there. Nothing was changed. Reload the page and look at it first.`,
    );
  }
  const number = (await newest({ dataset })) + 1;
  await tx.extractPolicy.create({
    data: {
      dataset,
      version: number,
      tenantId,
      columns: content ? { ...content.columns } : Prisma.DbNull,
      rowLimit: content?.rowLimit ?? null,
      ...(effectiveAt && { effectiveAt }),
      note,
      createdBy: author.name,
      createdById: author.id,
    },
  });
  // An override is a matter of its tenant, whose owners read it in their audit.
  await appendAudit(tx, tenantId, audit(number));
  return number;
}

/** Nothing for a dataset that Annex does not have. Throws for masks that it does not know. */
function toVersion({ dataset: name, columns, rowLimit, ...rest }: VersionRow): readonly PolicyVersion[] {
  const dataset = datasetNames.find((one) => one === name);
  if (!dataset) return [];
  const content = columns === null ? null : { columns: storedColumns.parse(columns), rowLimit };
  return [{ ...rest, dataset, content }];
}
