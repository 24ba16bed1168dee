import { z } from 'zod';
import type { ControlContext } from '@/lib/domain/context';
import { defaultPlan, type PlanSummary } from '@/lib/domain/plans/ports';
import { controlVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { planFault } from '../plan-choice';
import { onboardInput } from '../schemas';
import { onboardTenant } from './onboard-tenant';

/** The most tenants of one import. */
export const mostImported = 500;

const row = z.object({
  /** In the file, from 1. */
  line: z.number().int().min(1),
  tenantId: z.string().max(1000),
  name: z.string().max(1000),
  ownerEmail: z.string().max(1000),
  /** Id or name of a variant; empty: no workbench. */
  workbench: z.string().max(1000),
  /** Id or name of a plan; empty: the default. */
  plan: z.string().max(1000).default(''),
});
type Row = z.output<typeof row>;

const input = z.object({
  rows: z.array(row).min(1, 'The file has no tenants.').max(mostImported),
  dryRun: z.boolean(),
});

/** What became of a line. `ready`: it would be onboarded. */
export interface ImportedLine {
  readonly line: number;
  readonly tenantId: string;
  readonly name: string;
  readonly outcome: 'ready' | 'onboarded' | 'refused';
  /** Why it was refused. */
  readonly reason: string | null;
}

/**
 * Onboards the tenants of a file, each by itself: a line that is refused stops none of the others. `dryRun` only checks. A file may be
 * imported again; what is there already is refused as taken. Whether an address is in use shows when its owner is invited. Throws
 * `forbidden`, and what reaching the catalogue or the database throws.
 */
export const importTenants = controlVerb('tenants.onboard', input, async (ctx, { rows, dryRun }) => {
  const [variants, plans] = await Promise.all([ctx.ports.catalog.variants(), ctx.ports.plans.list()]);
  const offers = { variants, plans };
  const taken = await ctx.ports.onboardings.taken({
    ids: rows.map(({ tenantId }) => tenantId.trim()),
    names: rows.map(({ name }) => name.trim()),
  });
  const seen = {
    ids: new Map<string, number>(),
    names: new Map<string, number>(),
    emails: new Map<string, number>(),
  };
  const lines: ImportedLine[] = [];
  for (const each of rows) {
    const { line, tenantId, name } = each;
    const of = { line, tenantId, name };
    const checked = check(each, offers, taken) ?? repeated(each, seen);
    if (typeof checked === 'string') lines.push({ ...of, outcome: 'refused', reason: checked });
    else if (dryRun) lines.push({ ...of, outcome: 'ready', reason: null });
    else lines.push({ ...of, ...(await onboard(ctx, each, offers)) });
  }
  return lines;
});

type Variants = readonly { readonly id: string; readonly name: string }[];
interface Offers {
  readonly variants: Variants;
  readonly plans: readonly PlanSummary[];
}
type Taken = Awaited<ReturnType<ControlContext['ports']['onboardings']['taken']>>;
type Seen = Readonly<Record<'ids' | 'names' | 'emails', Map<string, number>>>;

const wanted = ({ tenantId, name, ownerEmail, workbench, plan }: Row, { variants, plans }: Offers) => ({
  tenantId,
  name,
  ownerEmail,
  variantId: workbench === '' ? null : (variantOf(workbench, variants)?.id ?? null),
  planId: planOf(plan, plans)?.id,
});

/** The plan that a line names. A name that was given again means the plan that is not retired. */
function planOf(named: string, plans: readonly PlanSummary[]): PlanSummary | undefined {
  const wantedOne = (named.trim() || defaultPlan).toLowerCase();
  return (
    plans.find(({ id }) => id === wantedOne) ?? plans.find(({ name }) => name.toLowerCase() === wantedOne)
  );
}

const variantOf = (named: string, variants: Variants) =>
  variants.find(({ id, name }) => id === named || name.toLowerCase() === named.toLowerCase());

/** Why the line cannot be onboarded; null if nothing speaks against it. */
function check(each: Row, offers: Offers, taken: Taken): string | null {
  const { variants, plans } = offers;
  const parsed = onboardInput.safeParse(wanted(each, offers));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${columns[String(issue?.path[0])] ?? 'line'}: ${issue?.message}`;
  }
  if (each.workbench !== '' && !variantOf(each.workbench, variants)) {
    return `workbench: there is no variant “${each.workbench}”. There are ${variants.map(({ name }) => name).join(', ')}.`;
  }
  const plan = planOf(each.plan, plans);
  if (!plan) {
    const open = plans.filter(({ retiredAt }) => retiredAt === null);
    return `plan: there is no plan “${each.plan}”. There are ${open.map(({ name }) => name).join(', ')}.`;
  }
  const fault = planFault(plan, parsed.data.variantId);
  if (fault) return `${fault.field === 'planId' ? 'plan' : 'workbench'}: ${fault.text}`;
  if (taken.ids.has(parsed.data.tenantId)) return `tenant_id: the id ${parsed.data.tenantId} is taken.`;
  if (taken.names.has(parsed.data.name.toLowerCase())) return `name: the name ${parsed.data.name} is taken.`;
  return null;
}

const columns: Readonly<Record<string, string>> = {
  tenantId: 'tenant_id',
  name: 'name',
  ownerEmail: 'owner_email',
};

/** Why the line repeats another one; null if it does not. */
function repeated({ line, tenantId, name, ownerEmail }: Row, seen: Seen): string | null {
  for (const [what, column, value] of [
    ['ids', 'tenant_id', tenantId],
    ['names', 'name', name.toLowerCase()],
    ['emails', 'owner_email', ownerEmail.toLowerCase()],
  ] as const) {
    const before = seen[what].get(value);
    if (before !== undefined) return `${column}: line ${before} has the same.`;
    seen[what].set(value, line);
  }
  return null;
}

async function onboard(ctx: ControlContext, each: Row, offers: Offers) {
  try {
    await onboardTenant(ctx, wanted(each, offers));
    return { outcome: 'onboarded', reason: null } as const;
  } catch (error) {
    // Somebody else may have taken the id meanwhile. Anything else ends the import.
    if (isAnnexError(error, 'conflict', 'invalid'))
      return { outcome: 'refused', reason: error.message } as const;
    throw error;
  }
}
