import { AnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { limitReached } from '../plans/limits';
import type { PlanInForce } from '../plans/ports';
import { dayMs } from '../time';
import { limits, openSince } from './limits';
import type { Extract } from './ports';

/** Job runs of the tenant at a time; exact. Its plan decides within what there is for all. */
async function mostRunning(ctx: TenantContext): Promise<number> {
  const { runsAtOnce } = (await ctx.ports.plan.current()).limits;
  return Math.min(runsAtOnce ?? limits.runningInAll, limits.runningInAll);
}

/** Whether the queued `extract` may start a job run now. The tenant's extracts that have waited longer go first. */
export async function hasCapacity(ctx: TenantContext, extract: Extract): Promise<boolean> {
  const { store, load } = ctx.ports.extracts;
  const open = await store.open(openSince(ctx.now()));
  const ahead = open.filter(
    (other) =>
      other.requestId !== extract.requestId && (other.state === 'running' || isBefore(other, extract)),
  );
  return ahead.length < (await mostRunning(ctx)) && (await load.running()) < limits.runningInAll;
}

/**
 * Whether the tenant has more job runs than allowed, counting that of the caller's claimed extract. Of several extracts claimed
 * at once, the last to check sees them all, so too many never start.
 */
export async function isOverLimit(ctx: TenantContext): Promise<boolean> {
  const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
  return open.filter(({ state }) => state === 'running').length > (await mostRunning(ctx));
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
 * Whether the already stored `extract` must be withdrawn, because there are more than `most` of those that `read` gives. Of several
 * submitted at once, the earliest may stay once they see that the others are gone: the last one to stay has counted all that stay, so there
 * are never too many.
 */
async function isOneTooMany<E extends Pick<Extract, 'requestId'>>(
  read: () => Promise<readonly E[]>,
  most: number,
  precedes: (other: E) => boolean,
): Promise<boolean> {
  for (let reads = 0; reads < mostReads; reads += 1) {
    const all = await read();
    if (all.length <= most) return false;
    if (all.filter(precedes).length >= most) return true;
  }
  return true;
}

/** Whether the stored `extract` is beyond the limit of open ones, and must be withdrawn. */
export const isSurplus = (ctx: TenantContext, extract: Extract): Promise<boolean> =>
  isOneTooMany(
    () => ctx.ports.extracts.store.open(openSince(ctx.now())),
    limits.openPerTenant,
    (other) => isBefore(other, extract),
  );

/** The first instant of the day of `at`, in UTC, in which a plan counts extracts. */
export const startOfDay = (at: Date): Date => new Date(Math.floor(at.getTime() / dayMs) * dayMs);

/** Throws `conflict` when the tenant has submitted as many extracts today as its plan allows. */
export async function checkDay(ctx: TenantContext, plan: PlanInForce): Promise<void> {
  const most = plan.limits.extractsPerDay;
  if (most === null) return;
  const today = await ctx.ports.extracts.store.requestedSince(startOfDay(ctx.now()));
  if (today.length >= most) throw dayIsFull(plan, today.length);
}

/** Whether the stored `extract` is beyond the plan’s limit of its day, and must be withdrawn. */
export async function isBeyondDay(ctx: TenantContext, plan: PlanInForce, extract: Extract): Promise<boolean> {
  const most = plan.limits.extractsPerDay;
  if (most === null) return false;
  const { requestedAt, requestId } = extract;
  return isOneTooMany(
    () => ctx.ports.extracts.store.requestedSince(startOfDay(requestedAt)),
    most,
    (other) =>
      other.requestedAt < requestedAt || (+other.requestedAt === +requestedAt && other.requestId < requestId),
  );
}

/** The error for one extract too many in a day; `use` is how many there are. */
export const dayIsFull = (plan: PlanInForce, use: number): AnnexError =>
  limitReached(plan, 'extractsPerDay', {
    use: `${use === 1 ? 'One was' : `${use} were`} submitted today.`,
    kept: 'Nothing was submitted. The next day begins at 00:00 UTC.',
    field: 'extractsPerDay',
  });

/** Sends jobs for the tenant's longest-waiting extracts after a job run ended, so that they don't wait for their next check. */
export async function wakeNext(ctx: TenantContext): Promise<void> {
  const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
  const waiting = open
    .filter(({ state }) => state === 'queued')
    .toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  for (const { requestId } of waiting.slice(0, await mostRunning(ctx))) {
    await ctx.ports.jobs.send({ kind: 'extract.advance', requestId });
  }
}

function isBefore(one: Extract, other: Extract): boolean {
  const difference = one.queuedAt.getTime() - other.queuedAt.getTime();
  return difference === 0 ? one.requestId < other.requestId : difference < 0;
}
