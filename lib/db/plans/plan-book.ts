import type { AuditEvent } from '@/lib/domain/audit/ports';
import {
  defaultPlan,
  type NewPlanVersion,
  type Plan,
  type PlanBook,
  type PlanInForce,
  type PlanSummary,
  type PlanVersion,
} from '@/lib/domain/plans/ports';
import { AnnexError } from '@/lib/errors';
import { appendAudit } from '../core/audit-log';
import { readControl, withControl } from '../core/control-scope';
import type { Transaction } from '../core/transaction';
import { Prisma } from '../generated/client';
import {
  type InForceRow,
  type LimitsRow,
  limitColumns,
  limitsOf,
  newestVersion,
  toInForce,
} from './plan-rows';

type VersionRow = LimitsRow & Omit<PlanVersion, 'limits'>;
type SummaryRow = VersionRow & Plan & { readonly writtenAt: Date; readonly tenants: number };

const versionColumns = Prisma.sql`v.plan_id AS "planId", v.version, v.note, v.created_by AS "createdBy", ${limitColumns}`;

/** Tenants that are over use nothing. */
const inUse = Prisma.raw(`state NOT IN ('closed', 'declined')`);

/** The plans of all tenants. Versions are added and never changed. */
export function planBook(): PlanBook {
  return {
    list: () => summaries(Prisma.sql`ORDER BY p.retired_at IS NOT NULL, lower(p.name), p.id`),
    choices: () =>
      readControl((query) =>
        query<Pick<Plan, 'id' | 'name'>>(
          Prisma.sql`SELECT id, name FROM plan WHERE retired_at IS NULL ORDER BY lower(name), id`,
        ),
      ),
    get: async (id) => (await summaries(Prisma.sql`WHERE p.id = ${id}`))[0] ?? null,
    versions: (id, limit) =>
      readControl(async (query) => {
        const rows = await query<VersionRow>(Prisma.sql`
          SELECT ${versionColumns}, v.created_at AS "createdAt" FROM plan_version v
          WHERE v.plan_id = ${id} ORDER BY v.version DESC LIMIT ${limit}`);
        return rows.map(toVersion);
      }),
    inForce: (tenantIds) => readInForce(tenantIds),
    create: (plan, version, event) => withControl((tx) => create(tx, plan, version, event)),
    append: (version, audit) => withControl((tx) => append(tx, version, audit)),
    assign: (tenantId, change, event) => withControl((tx) => assign(tx, tenantId, change, event)),
    retire: (id, event) => withControl((tx) => retire(tx, id, event)),
  };
}

async function summaries(clauses: Prisma.Sql): Promise<readonly PlanSummary[]> {
  const rows = await readControl((query) =>
    query<SummaryRow>(Prisma.sql`
      SELECT p.id, p.name, p.created_at AS "createdAt", p.retired_at AS "retiredAt", ${versionColumns}, v.created_at AS "writtenAt",
        (SELECT count(*)::integer FROM tenant WHERE plan_id = p.id AND ${inUse}) AS tenants
      FROM plan p ${newestVersion} ${clauses}`),
  );
  return rows.map((row) => {
    const { id, name, createdAt, retiredAt, tenants, writtenAt } = row;
    return { id, name, createdAt, retiredAt, tenants, newest: toVersion({ ...row, createdAt: writtenAt }) };
  });
}

async function readInForce(tenantIds: readonly string[]): Promise<ReadonlyMap<string, PlanInForce>> {
  if (tenantIds.length === 0) return new Map();
  const rows = await readControl((query) =>
    query<InForceRow & { readonly tenantId: string }>(Prisma.sql`
      SELECT t.id AS "tenantId", p.id, p.name, v.version, ${limitColumns}
      FROM tenant t JOIN plan p ON p.id = t.plan_id ${newestVersion} WHERE t.id = ANY (${[...tenantIds]}::text[])`),
  );
  return new Map(rows.map((row) => [row.tenantId, toInForce(row)]));
}

async function create(
  tx: Transaction,
  { id, name }: Pick<Plan, 'id' | 'name'>,
  version: Omit<NewPlanVersion, 'planId' | 'base'>,
  event: AuditEvent,
): Promise<void> {
  // Two at once would both find the name free.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('annex.plans', 0))`;
  const [taken] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM plan WHERE id = ${id} OR (lower(name) = lower(${name}) AND retired_at IS NULL) ORDER BY id <> ${id} LIMIT 1`;
  if (taken?.id === id) throw isTaken('id', `The id ${id} is taken. Ids are never given again.`);
  if (taken) throw isTaken('name', `The plan ${taken.id} has this name already.`);
  await tx.$executeRaw`INSERT INTO plan (id, name) VALUES (${id}, ${name})`;
  await insertVersion(tx, { ...version, planId: id }, 1);
  await appendAudit(tx, null, event);
}

const isTaken = (field: string, text: string) =>
  new AnnexError('conflict', text, { fields: { [field]: text } });

async function append(
  tx: Transaction,
  version: NewPlanVersion,
  audit: (version: number) => AuditEvent,
): Promise<number> {
  const plan = await locked(tx, version.planId, 'FOR NO KEY UPDATE');
  if (plan.retiredAt) throw isRetired(plan.name);
  const [newest] = await tx.$queryRaw<{ version: number }[]>`
    SELECT max(version) AS version FROM plan_version WHERE plan_id = ${version.planId}`;
  const present = newest?.version ?? 0;
  if (present !== version.base) {
    throw new AnnexError(
      'conflict',
      `Somebody changed this plan meanwhile: version ${present} is there. Nothing was changed. Reload the page and look at it first.`,
    );
  }
  await insertVersion(tx, version, present + 1);
  await appendAudit(tx, null, audit(present + 1));
  return present + 1;
}

async function insertVersion(
  tx: Transaction,
  { planId, limits, note, author }: Omit<NewPlanVersion, 'base'>,
  version: number,
): Promise<void> {
  const { variants, people, extractsPerDay, runsAtOnce, endpoints, monthlyBudgetUsd, budgetBrake } = limits;
  // Prisma would write an empty list for none.
  await tx.$executeRaw`
    INSERT INTO plan_version (plan_id, version, variants, people, extracts_per_day, runs_at_once, endpoints, monthly_budget_usd,
      budget_brake, note, created_by, created_by_id)
    VALUES (${planId}, ${version}, ${variants && [...variants]}::text[], ${people}, ${extractsPerDay}, ${runsAtOnce}, ${endpoints},
      ${monthlyBudgetUsd}, ${budgetBrake}, ${note}, ${author.name}, ${author.id})`;
}

async function assign(
  tx: Transaction,
  tenantId: string,
  { from, to }: { readonly from: string; readonly to: string },
  event: AuditEvent,
): Promise<void> {
  await usablePlan(tx, to);
  const { count } = await tx.tenant.updateMany({
    where: { id: tenantId, planId: from },
    data: { planId: to },
  });
  if (count === 0) {
    const present = await tx.tenant.findUnique({ where: { id: tenantId }, select: { plan: true } });
    if (!present) throw new AnnexError('not_found', 'There is no tenant with this id.');
    throw new AnnexError(
      'conflict',
      `The tenant has the plan ${present.plan.name} now. Nothing was changed. Reload the page.`,
    );
  }
  await appendAudit(tx, tenantId, event);
}

/** Makes sure that a plan is not retired before the end of `tx`. Throws `not_found`, `conflict` for a retired one. */
export async function usablePlan(tx: Transaction, id: string): Promise<void> {
  const plan = await locked(tx, id, 'FOR SHARE');
  if (plan.retiredAt) throw isRetired(plan.name);
}

async function retire(tx: Transaction, id: string, event: AuditEvent): Promise<void> {
  const plan = await locked(tx, id, 'FOR UPDATE');
  if (plan.retiredAt) throw isRetired(plan.name);
  if (id === defaultPlan) {
    throw new AnnexError(
      'conflict',
      `${plan.name} is the plan of tenants that nobody gave another one. It stays. Nothing was changed.`,
    );
  }
  const [used] = await tx.$queryRaw<{ tenants: number }[]>`
    SELECT count(*)::integer AS tenants FROM tenant WHERE plan_id = ${id} AND ${inUse}`;
  const tenants = used?.tenants ?? 0;
  if (tenants > 0) {
    throw new AnnexError(
      'conflict',
      `${plan.name} is the plan of ${tenants === 1 ? 'one tenant' : `${tenants} tenants`}. Give them another plan first. Nothing was changed.`,
    );
  }
  await tx.$executeRaw`UPDATE plan SET retired_at = now() WHERE id = ${id}`;
  await appendAudit(tx, null, event);
}

async function locked(tx: Transaction, id: string, how: 'FOR SHARE' | 'FOR NO KEY UPDATE' | 'FOR UPDATE') {
  const [plan] = await tx.$queryRaw<{ name: string; retiredAt: Date | null }[]>`
    SELECT name, retired_at AS "retiredAt" FROM plan WHERE id = ${id} ${Prisma.raw(how)}`;
  if (!plan) throw new AnnexError('not_found', 'There is no plan with this id.');
  return plan;
}

const isRetired = (name: string) =>
  new AnnexError('conflict', `The plan ${name} is retired. Nothing was changed. Choose another one.`);

const toVersion = (row: VersionRow): PlanVersion => {
  const { planId, version, note, createdAt, createdBy } = row;
  return { planId, version, note, createdAt, createdBy, limits: limitsOf(row) };
};
