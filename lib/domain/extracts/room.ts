import { AnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { limits, openSince } from './limits';
import type { Extract } from './ports';

/** Whether `extract`, which waits, may have a run now: those of the tenant that wait longer go first. */
export async function hasRoom(ctx: TenantContext, extract: Extract): Promise<boolean> {
  const { store, load } = ctx.ports.extracts;
  const open = await store.open(openSince(ctx.now()));
  const ahead = open.filter(
    (other) =>
      other.requestId !== extract.requestId && (other.state === 'running' || isBefore(other, extract)),
  );
  return ahead.length < limits.runningPerTenant && (await load.running()) < limits.runningInAll;
}

/**
 * Whether the tenant has more runs than it may, `extract`'s among them, which counts already. Of several that were
 * claimed at once, whoever looks last sees all: never too many go on.
 */
export async function isCrowded(ctx: TenantContext): Promise<boolean> {
  const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
  return open.filter(({ state }) => state === 'running').length > limits.runningPerTenant;
}

/** Of one that is asked for beyond the limit; waiting a moment does not help. `kept` says what became of it. */
export function tooManyOpen(kept: string): AnnexError {
  return new AnnexError(
    'throttled',
    `Your organisation already has ${limits.openPerTenant} queued or running extracts. ${kept}. Wait for one to finish, or cancel one.`,
    { transient: false },
  );
}

/** Throws `throttled` when the tenant has as many open extracts as it may. */
export async function checkPlaces(ctx: TenantContext, kept: string): Promise<void> {
  const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
  if (open.length >= limits.openPerTenant) throw tooManyOpen(kept);
}

/** Reads that those within the limit allow the others to withdraw in. */
const mostReads = 5;

/**
 * Whether `extract`, which is open already, has to be withdrawn. Of several that were asked for at once, the first may stay,
 * once they see that the others have gone: whoever stays last has counted all that do, so never too many stay.
 */
export async function isSurplus(ctx: TenantContext, extract: Extract): Promise<boolean> {
  for (let reads = 0; reads < mostReads; reads += 1) {
    const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
    if (open.length <= limits.openPerTenant) return false;
    if (open.filter((other) => isBefore(other, extract)).length >= limits.openPerTenant) return true;
  }
  return true;
}

/** A run has ended: those of the tenant that wait longest need not wait for their next look. */
export async function wakeNext(ctx: TenantContext): Promise<void> {
  const open = await ctx.ports.extracts.store.open(openSince(ctx.now()));
  const waiting = open
    .filter(({ state }) => state === 'queued')
    .toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  for (const { requestId } of waiting.slice(0, limits.runningPerTenant)) {
    await ctx.ports.jobs.send({ kind: 'extract.advance', tenantId: ctx.tenant.id, requestId });
  }
}

function isBefore(one: Extract, other: Extract): boolean {
  const difference = one.queuedAt.getTime() - other.queuedAt.getTime();
  return difference === 0 ? one.requestId < other.requestId : difference < 0;
}
