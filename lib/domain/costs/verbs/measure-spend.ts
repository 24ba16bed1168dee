import type { SpendStanding } from '@/lib/domain/budget/ports';
import type { TenantContext } from '@/lib/domain/context';
import { monthOf, startOfMonth } from '@/lib/domain/month';
import { isStopping } from '@/lib/domain/running/cost';
import type { RunningApp } from '@/lib/domain/running/ports';
import { stopApp } from '@/lib/domain/running/stop';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { followBudget } from '../follow-budget';
import { measured } from '../measure';

/** A message that comes twice measures once. */
const freshMs = 5000;

/** What came of it. `fresh`: somebody has just measured. `not ready`: there is no workbench whose resources could be listed. */
export type MeasureOutcome = 'measured' | 'fresh' | 'not ready' | 'failed';

/**
 * Adds what runs in the tenant’s account, times the time since the last measurement, to the days of the month, and acts on the budget.
 * It may run at any time, run twice or be killed. A refusal by AWS is kept; the next measurement makes up for it. Throws `forbidden`,
 * and what may pass.
 */
export const measureSpend = tenantVerb('costs.measure', nothing, async (ctx): Promise<MeasureOutcome> => {
  const { spend, workbenches } = ctx.ports;
  const now = ctx.now();
  const standing = await spend.standing();
  const { measuredUntil = null } = standing ?? {};
  if (measuredUntil && now.getTime() - measuredUntil.getTime() < freshMs) {
    // The one before may have been killed before it acted.
    await stopApps(ctx, await followBudget(ctx, now), null);
    return 'fresh';
  }
  if (ctx.tenant.accountId === null || (await workbenches.live())?.state !== 'ready') return 'not ready';
  try {
    const apps = await measure(ctx, standing, now);
    await stopApps(ctx, await followBudget(ctx, now), apps);
    return 'measured';
  } catch (error) {
    if (!isAnnexError(error, 'dependency_denied', 'dependency_failed', 'throttled')) throw error;
    ctx.log.warn({ err: error }, 'what runs could not be measured');
    await spend.fail(error.message, now);
    return 'failed';
  }
});

/** The apps that run. */
async function measure(
  ctx: TenantContext,
  standing: SpendStanding | null,
  until: Date,
): Promise<readonly RunningApp[]> {
  const { spend, running } = ctx.ports;
  const [apps, endpoints] = await Promise.all([running.apps(), running.endpoints()]);
  const since = standing?.measuredUntil ?? null;
  const beginning = Math.max(startOfMonth(monthOf(until)).getTime(), ctx.tenant.createdAt.getTime());
  const { unpriced, ...rest } = measured(
    [...apps.items, ...endpoints.items],
    since ?? new Date(Math.min(beginning, until.getTime())),
    until,
  );
  const left = [...(apps.more ? ['more apps'] : []), ...(endpoints.more ? ['more endpoints'] : [])];
  await spend.add({ since, until, unpriced: [...unpriced, ...left], ...rest });
  return apps.items;
}

/** While the brake is on, whatever somebody has started again is stopped. Endpoints stay: deleting one cannot be undone. */
async function stopApps(
  ctx: TenantContext,
  brakes: boolean,
  known: readonly RunningApp[] | null,
): Promise<void> {
  if (!brakes) return;
  const apps = known ?? (await ctx.ports.running.apps()).items;
  for (const app of apps.filter((one) => !isStopping(one))) await stopApp(ctx, app, 'over budget');
}
