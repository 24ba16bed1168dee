import type { AuditEvent } from '@/lib/domain/audit/ports';
import type {
  Activation,
  ContractReport,
  ContractReports,
  Deployment,
  ModelRegistry,
  ModelVersion,
  RegisteredEndpoint,
} from '@/lib/domain/models/ports';
import { contentTypes } from '@/lib/domain/models/ports';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readTenant, withTenant } from '../core/tenant-scope';
import type { Transaction } from '../core/transaction';
import {
  type ModelActivation as ActivationRow,
  Prisma,
  type ModelVersion as StoredVersion,
} from '../generated/client';

type VersionRow = Omit<StoredVersion, 'tenantId' | 'testedAt'>;

/** Columns of `VersionRow` from `model_version`, as `m`. */
const versionColumns =
  Prisma.raw(`m.version, m.endpoint_name AS "endpointName", m.content_type AS "contentType", m.report,
  m.registered_by AS "registeredBy", m.registered_at AS "registeredAt"`);

/** `tenantId`'s registered model versions, and which of them is active. Rows are added and never changed. */
export function modelRegistry(tenantId: string): ModelRegistry {
  return {
    versions: ({ before, limit }) =>
      readTenant(tenantId, async (query) => {
        const older = before === undefined ? Prisma.empty : Prisma.sql`AND m.version < ${before}`;
        const rows = await query<VersionRow>(Prisma.sql`
          SELECT ${versionColumns} FROM model_version m
          WHERE m.tenant_id = ${tenantId} ${older} ORDER BY m.version DESC LIMIT ${limit}`);
        return rows.map(toVersion);
      }),
    version: (version) =>
      readTenant(tenantId, async (query) => {
        const [row] = await query<VersionRow>(Prisma.sql`
          SELECT ${versionColumns} FROM model_version m WHERE m.tenant_id = ${tenantId} AND m.version = ${version}`);
        return row ? toVersion(row) : null;
      }),
    endpoints: ({ name = null, limit }) =>
      readTenant(tenantId, (query) =>
        query<RegisteredEndpoint>(Prisma.sql`
          SELECT endpoint_name AS "endpointName",
                 (array_agg(version ORDER BY version DESC))[1:20] AS versions,
                 count(*)::int AS registered
          FROM model_version
          WHERE tenant_id = ${tenantId} AND (${name}::text IS NULL OR endpoint_name = ${name})
          GROUP BY endpoint_name
          ORDER BY max(version) DESC
          LIMIT ${limit}`),
      ),
    registered: (model) => withTenant(tenantId, (tx) => findDeployed(tx, tenantId, model)),
    countEndpoints: (among) => withTenant(tenantId, (tx) => countEndpoints(tx, tenantId, among)),
    register: (model, limit) => withTenant(tenantId, (tx) => register(tx, tenantId, model, limit)),
    active: () =>
      readTenant(tenantId, async (query) => {
        const [row] = await query<VersionRow>(Prisma.sql`
          SELECT ${versionColumns}
          FROM (SELECT version FROM model_activation WHERE tenant_id = ${tenantId} ORDER BY number DESC LIMIT 1) AS newest
          JOIN model_version m ON m.tenant_id = ${tenantId} AND m.version = newest.version`);
        return row ? toVersion(row) : null;
      }),
    activate: (activation, audit) => withTenant(tenantId, (tx) => activate(tx, tenantId, activation, audit)),
    activations: (limit) =>
      readTenant(tenantId, (query) =>
        query<Activation>(Prisma.sql`
          SELECT version, activated_by AS by, activated_at AS at
          FROM model_activation WHERE tenant_id = ${tenantId} ORDER BY number DESC LIMIT ${limit}`),
      ),
    newestActivations: (versions) =>
      readTenant(tenantId, (query) =>
        query<Activation>(Prisma.sql`
          SELECT DISTINCT ON (version) version, activated_by AS by, activated_at AS at
          FROM model_activation
          WHERE tenant_id = ${tenantId} AND version = ANY (${[...versions]}::int[])
          ORDER BY version DESC, number DESC`),
      ),
  };
}

/** The contract reports of `tenantId`'s endpoints. */
export function contractReports(tenantId: string): ContractReports {
  return {
    keep: (report, testedBy, audit) =>
      withTenant(tenantId, async (tx) => {
        const { endpointName, testedAt, passed } = report;
        await tx.contractReport.createMany({
          data: [{ tenantId, endpointName, testedAt, testedBy, passed, report: asJson(report) }],
          skipDuplicates: true,
        });
        if (audit) await appendAudit(tx, tenantId, audit);
      }),
    newest: async (endpointNames) => {
      if (endpointNames.length === 0) return [];
      // One index lookup per name, however many reports there are.
      const rows = await readTenant(tenantId, (query) =>
        query<{ report: unknown }>(Prisma.sql`
          SELECT newest.report
          FROM unnest(${[...new Set(endpointNames)]}::text[]) AS wanted (name)
          CROSS JOIN LATERAL (
            SELECT report FROM contract_report
            WHERE tenant_id = ${tenantId} AND endpoint_name = wanted.name
            ORDER BY tested_at DESC
            LIMIT 1
          ) AS newest`),
      );
      return rows.map(({ report }) => reportOf(report));
    },
  };
}

async function register(
  tx: Transaction,
  tenantId: string,
  model: Omit<ModelVersion, 'version'>,
  limit: Parameters<ModelRegistry['register']>[1],
): Promise<ModelVersion> {
  await oneAtATime(tx, tenantId);
  const { endpointName, contentType, report, registeredBy, registeredAt } = model;
  const { testedAt } = report;
  const key = { tenantId_endpointName_testedAt: { tenantId, endpointName, testedAt } };
  const present = await tx.modelVersion.findUnique({ where: key });
  if (present) return toVersion(present);
  const { deployment } = report;
  const deployed =
    deployment && (await findDeployed(tx, tenantId, { endpointName, contentType, deployment }));
  if (deployed) return deployed;
  const isFirst = limit && !(await tx.modelVersion.findFirst({ where: { tenantId, endpointName } }));
  if (isFirst) limit.check(await countEndpoints(tx, tenantId, limit.among));
  const { _max: newest } = await tx.modelVersion.aggregate({ where: { tenantId }, _max: { version: true } });
  const version = (newest.version ?? 0) + 1;
  const row = await tx.modelVersion.create({
    data: {
      tenantId,
      version,
      endpointName,
      contentType,
      testedAt,
      report: asJson(report),
      registeredBy,
      registeredAt,
    },
  });
  return toVersion(row);
}

async function countEndpoints(tx: Transaction, tenantId: string, among: readonly string[]): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM unnest(${[...new Set(among)]}::text[]) AS wanted (name)
    WHERE EXISTS (SELECT FROM model_version WHERE tenant_id = ${tenantId} AND endpoint_name = wanted.name)`;
  return row?.count ?? 0;
}

async function findDeployed(
  tx: Transaction,
  tenantId: string,
  { endpointName, contentType, deployment }: Parameters<ModelRegistry['registered']>[0],
): Promise<ModelVersion | null> {
  const row = await tx.modelVersion.findFirst({
    where: {
      tenantId,
      endpointName,
      contentType,
      report: { path: ['deployment'], equals: deploymentJson(deployment) },
    },
    orderBy: { version: 'desc' },
  });
  return row ? toVersion(row) : null;
}

async function activate(
  tx: Transaction,
  tenantId: string,
  { version, by, at }: Activation,
  audit: AuditEvent | undefined,
): Promise<void> {
  await oneAtATime(tx, tenantId);
  if (version !== null && !(await findVersion(tx, tenantId, version))) {
    throw new AnnexError('not_found', `Version ${version} does not exist. Nothing was changed.`);
  }
  const newest = await newestActivation(tx, tenantId);
  if ((newest?.version ?? null) === version) return;
  const number = (newest?.number ?? 0) + 1;
  await tx.modelActivation.create({
    data: { tenantId, number, version, activatedBy: by, activatedAt: at },
  });
  if (audit) {
    const before = { version: newest?.version ?? null };
    await appendAudit(tx, tenantId, {
      idempotencyKey: `${audit.action}/${number}`,
      before,
      after: { version },
      ...audit,
    });
  }
}

/** Numbers are assigned one at a time: registrations and activations of a tenant wait for each other. */
async function oneAtATime(tx: Transaction, tenantId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('annex.models/' || ${tenantId}, 0))`;
}

function newestActivation(tx: Transaction, tenantId: string): Promise<ActivationRow | null> {
  return tx.modelActivation.findFirst({ where: { tenantId }, orderBy: { number: 'desc' } });
}

async function findVersion(tx: Transaction, tenantId: string, version: number): Promise<ModelVersion | null> {
  const row = await tx.modelVersion.findUnique({ where: { tenantId_version: { tenantId, version } } });
  return row ? toVersion(row) : null;
}

function toVersion({
  version,
  endpointName,
  contentType,
  report,
  registeredBy,
  registeredAt,
}: VersionRow): ModelVersion {
  const known = contentTypes.find((type) => type === contentType);
  if (!known) throw new Error(`model_version holds the content type ${contentType}`);
  return {
    version,
    endpointName,
    contentType: known,
    report: reportOf(report),
    registeredBy,
    registeredAt,
  };
}

/** The report that `asJson` wrote. Nothing else writes the column, and rows never change. */
function reportOf(stored: unknown): ContractReport {
  const { testedAt, deployment, ...rest } = stored as ReturnType<typeof asJson>;
  return { ...rest, testedAt: new Date(testedAt), deployment: deployment ? deploymentOf(deployment) : null };
}

/** A report as plain JSON values. */
function asJson({ testedAt, deployment, contentTypes: types, checks, ...rest }: ContractReport) {
  return {
    ...rest,
    deployment: deployment && deploymentJson(deployment),
    latencyMs: { ...rest.latencyMs },
    testedAt: testedAt.toISOString(),
    contentTypes: [...types],
    checks: checks.map((check) => ({ ...check })),
  };
}

const deploymentJson = ({ configName, configCreatedAt, variants }: Deployment) => ({
  configName,
  configCreatedAt: configCreatedAt?.toISOString() ?? null,
  variants: variants.map((variant) => ({ ...variant })),
});

const deploymentOf = ({ configCreatedAt, ...rest }: ReturnType<typeof deploymentJson>): Deployment => ({
  ...rest,
  configCreatedAt: configCreatedAt === null ? null : new Date(configCreatedAt),
});
