import { AnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { limits, openSince } from './limits';
import type { Extract } from './ports';

/** Whether the queued `extract` may start a job run now. The tenant's extracts that have waited longer go first. */
export async function hasCapacity(ctx: TenantContext, extract: Extract): Promise<boolean> {
  const { store, load } = ctx.ports.extracts;
  const open = await store.open(openSince(ctx.now()));
  const ahead = open.filter(
    (other) =>
      other.requestId !== extract.requestId && (other.state === 'running' || isBefore(other, extract)),
  );
  return ahead.length < limits.runningPerTenant && (await load.running()) < limits.runningInAll;
}

/**
 * Whether the tenant has more job runs than allowed, counting that of the caller's claimed extract. Of several extracts claimed
 * at once, the last to check sees them all, so too many never start.
 */
export async function isOverLimit(ctx: TenantContext): Promise<boolean> {
  const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
  return open.filter(({ state }) => state === 'running').length > limits.runningPerTenant;
}

/** The error for an extract beyond the limit, which a short wait does not help. `kept` says what happened to the extract. */
export function tooManyOpen(kept: string): AnnexError {
  return new AnnexError(
    'throttled',
    `Your organisation already has ${limits.openPerTenant} queued or running extracts. ${kept}. Wait for one to finish, or cancel one.`,
    { transient: false },
  );
}

/** Throws `throttled` when the tenant has reached its limit of open extracts. */
export async function checkCapacity(ctx: TenantContext, kept: string): Promise<void> {
  const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
  if (open.length >= limits.openPerTenant) throw tooManyOpen(kept);
}

/** Reads during which extracts within the limit wait for the others to be withdrawn. */
const mostReads = 5;

/**
 * Whether the already stored `extract` must be withdrawn. Of several submitted at once, the earliest may stay once they see that
 * the others are gone: the last one to stay has counted all that stay, so there are never too many.
 */
export async function isSurplus(ctx: TenantContext, extract: Extract): Promise<boolean> {
  for (let reads = 0; reads < mostReads; reads += 1) {
    const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
    if (open.length <= limits.openPerTenant) return false;
    if (open.filter((other) => isBefore(other, extract)).length >= limits.openPerTenant) return true;
  }
  return true;
}

/** Sends jobs for the tenant's longest-waiting extracts after a job run ended, so that they don't wait for their next check. */
export async function wakeNext(ctx: TenantContext): Promise<void> {
  const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
  const waiting = open
    .filter(({ state }) => state === 'queued')
    .toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  for (const { requestId } of waiting.slice(0, limits.runningPerTenant)) {
    await ctx.ports.jobs.send({ kind: 'extract.advance', requestId });
  }
}

function isBefore(one: Extract, other: Extract): boolean {
  const difference = one.queuedAt.getTime() - other.queuedAt.getTime();
  return difference === 0 ? one.requestId < other.requestId : difference < 0;
}
