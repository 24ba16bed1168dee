import { record } from '@/lib/domain/audit/record';
import type { TenantContext } from '@/lib/domain/context';
import { cancelOpen } from '@/lib/domain/extracts/cancel';
import { hourMs } from '@/lib/domain/time';
import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { isStopping, runRate } from '../cost';
import { quietTenantInput } from '../schemas';
import { stopApp } from '../stop';

/** How long the job waits for the suspension that it was sent before: longer than a transaction may take, ms. */
const changeMs = 60_000;
/** AWS has no call that ends a Studio session, in which somebody can start an app again. The longest lasts 12 hours. */
const longestSessionMs = 12 * hourMs;
/** Seconds between two looks. */
const againSeconds = { change: 5, others: 60, session: 900 } as const;

/**
 * Stops what a suspended tenant has running and waiting: apps are deleted, open extracts cancelled. Data and endpoints stay: endpoints
 * serve the product. Then it looks again until no Studio session from before can be left. It may be repeated and interrupted anywhere:
 * each order is recorded once, before AWS gets it. Throws `forbidden`, and, once everything was tried, what AWS threw.
 */
export const quietTenant = tenantVerb(
  'tenants.quiet',
  quietTenantInput,
  async (ctx, { asked, until }): Promise<'not suspended' | 'waits' | 'quiet' | 'watches'> => {
    const now = ctx.now().getTime();
    if (ctx.tenant.state !== 'suspended') {
      if (until !== undefined || now - Date.parse(asked) > changeMs) return 'not suspended';
      await again(ctx, { asked }, againSeconds.change);
      return 'waits';
    }
    await cancelOpen(ctx);
    const more = await stopApps(ctx);
    if (until === undefined) await recordQuiet(ctx, asked);
    const end = until ?? new Date(Date.parse(asked) + longestSessionMs).toISOString();
    if (now >= Date.parse(end)) return 'quiet';
    await again(ctx, { asked, until: end }, more ? againSeconds.others : againSeconds.session);
    return 'watches';
  },
);

const again = (ctx: TenantContext, payload: { asked: string; until?: string }, delaySeconds: number) =>
  ctx.ports.jobs.send({ kind: 'tenants.quiet', ...payload }, { delaySeconds });

/** Stops every app that is up; one that can’t be stopped does not keep the others. Returns whether there are more than were listed. */
async function stopApps(ctx: TenantContext): Promise<boolean> {
  if (ctx.tenant.accountId === null) return false;
  const { items, more } = await ctx.ports.running.apps();
  const faults: unknown[] = [];
  for (const app of items.filter((one) => !isStopping(one))) {
    try {
      await stopApp(ctx, app, 'suspended');
    } catch (error) {
      if (!isAnnexError(error)) throw error;
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return more;
}

/** Records once that everything was stopped, and what goes on costing. */
async function recordQuiet(ctx: TenantContext, asked: string): Promise<void> {
  const left = await endpointsLeft(ctx);
  const rate = left === null ? null : runRate(left);
  await record(ctx, {
    action: 'tenants.quiet',
    subject: `tenant/${ctx.tenant.id}`,
    detail: {
      endpoints: left?.length ?? null,
      usdPerHour: rate?.usd ?? null,
      unpriced: rate === null ? null : rate.unpriced.length > 0,
    },
    key: asked,
  });
}

/** Null: AWS does not tell, which keeps nobody from being suspended. */
async function endpointsLeft(ctx: TenantContext) {
  if (ctx.tenant.accountId === null) return [];
  try {
    return (await ctx.ports.running.endpoints()).items;
  } catch (error) {
    if (!isAnnexError(error, 'dependency_failed', 'dependency_denied', 'throttled')) throw error;
    ctx.log.warn({ err: error }, 'the endpoints that a suspended tenant keeps could not be read');
    return null;
  }
}
