import { auditEvent } from '../audit/record';
import type { TenantContext } from '../context';
import { cancelOpen, stoppedReasons } from '../extracts/cancel';
import { orRefusal } from '../reconcile';
import { stopApps } from '../running/stop';
import { isFinalDenial, priced } from './left-over';
import { closingMail } from './mails';
import type { Closing, ClosingCounts, ClosingStepName, LeftOver, Pass } from './ports';

/** What a step has come to. */
export type Outcome =
  | {
      readonly state: 'done' | 'running';
      readonly counts?: ClosingCounts;
      /** What could not be deleted. */
      readonly left?: readonly LeftOver[];
    }
  | { readonly state: 'failed'; readonly reason: string };

const done: Outcome = { state: 'done' };
const running: Outcome = { state: 'running' };

type Step = (ctx: TenantContext, closing: Closing) => Promise<Outcome>;

const steps: Readonly<Record<ClosingStepName, Step>> = {
  notice: tellOwners,
  pause,
  grace: async (ctx, { deleteAfter }) => (deleteAfter <= ctx.now() ? done : running),
  count,
  people: removePeople,
  endpoints: inAccount((ctx, account) => pass(ctx, ctx.ports.estate.deleteEndpoints(account))),
  studio: inAccount((ctx, account) => pass(ctx, ctx.ports.estate.emptyStudio(account))),
  bucket: inAccount((ctx, account) => pass(ctx, ctx.ports.estate.emptyBucket(account))),
  baseline: inAccount(async (ctx, account, { attempt, askedAt }) => {
    const id = `close-${ctx.tenant.id}-${askedAt.getTime()}-${attempt}`;
    const removal = await ctx.ports.estate.deleteBaseline(account, id);
    if (removal.state === 'failed') return removal;
    return removal.state === 'gone' ? done : running;
  }),
  rows: async (ctx) => {
    await ctx.ports.estate.deleteRequests();
    return (await ctx.ports.rows.purge()) ? running : done;
  },
  // Also without an account: what failed to become one is still in Service Catalog.
  account: async (ctx) =>
    (await ctx.ports.estate.closeAccount(ctx.tenant.accountId)).state === 'closed' ? done : running,
};

/** Does what `name` needs now. Throws what may pass. */
export async function runStep(ctx: TenantContext, closing: Closing, name: ClosingStepName): Promise<Outcome> {
  const outcome = await orRefusal(() => steps[name](ctx, closing));
  return 'refusal' in outcome ? { state: 'failed', reason: outcome.refusal } : outcome;
}

/** A step in the tenant's account; there is nothing to do without one. */
function inAccount(
  step: (ctx: TenantContext, accountId: string, closing: Closing) => Promise<Outcome>,
): Step {
  return async (ctx, closing) =>
    ctx.tenant.accountId === null ? done : step(ctx, ctx.tenant.accountId, closing);
}

/** What AWS refuses to delete is listed with its price, and goes with the account. */
async function pass(ctx: TenantContext, deletion: Promise<Pass>): Promise<Outcome> {
  try {
    const { waiting, refused } = await deletion;
    if (waiting > 0) return running;
    return { state: 'done', left: await priced(ctx, refused) };
  } catch (error) {
    if (!isFinalDenial(error)) throw error;
    const what = `What account ${ctx.tenant.accountId} holds`;
    return { state: 'done', left: [{ what, reason: error.message, usdPerHour: null }] };
  }
}

async function tellOwners(ctx: TenantContext, closing: Closing): Promise<Outcome> {
  for await (const { roles, email, disabledAt } of everybody(ctx)) {
    if (roles.includes('owner') && disabledAt === null)
      await ctx.ports.mail.send(
        closingMail(email, ctx.tenant.name, closing, ctx.ports.closingTerms.current()),
      );
  }
  return done;
}

/** Stops what runs and what waits, and is done once it has stopped. */
async function pause(ctx: TenantContext): Promise<Outcome> {
  const openExtracts = await cancelOpen(ctx, stoppedReasons.closing);
  const apps = await pass(
    ctx,
    stopApps(ctx, 'closing').then((more) => ({ waiting: more ? 1 : 0, refused: [] })),
  );
  // AWS has no way to stop an account that is being made; it has to be there before it can be closed.
  const workbench = await ctx.ports.workbenches.live();
  const waits = openExtracts > 0 || workbench?.state === 'provisioning';
  return waits ? running : apps;
}

/** Counted before anything is deleted, and stored with the step: a deletion that is interrupted changes no count. */
async function count(ctx: TenantContext): Promise<Outcome> {
  const { rows, estate } = ctx.ports;
  const counts = {
    ...(await rows.count()),
    requests: await estate.countRequests(),
    ...(await countInAccount(ctx)),
  };
  return { state: 'done', counts };
}

const inAccountWhen = (count: 0 | null) => ({
  endpoints: count,
  apps: count,
  profiles: count,
  objects: count,
  bytes: count,
});

/** A role that AWS refuses must not keep the tenant from being closed. */
async function countInAccount({ tenant, ports }: TenantContext) {
  if (tenant.accountId === null) return inAccountWhen(0);
  try {
    return await ports.estate.count(tenant.accountId);
  } catch (error) {
    if (!isFinalDenial(error)) throw error;
    return inAccountWhen(null);
  }
}

async function removePeople(ctx: TenantContext): Promise<Outcome> {
  const { people, userPool } = ctx.ports;
  for await (const { id } of everybody(ctx)) {
    await userPool.remove(id);
    const event = auditEvent(ctx, { action: 'people.remove', subject: `user/${id}`, key: id });
    await people.forget(id, event);
  }
  return done;
}

/** Page by page: a page begins after the last address, whoever is gone meanwhile. */
async function* everybody(ctx: TenantContext) {
  let cursor: string | undefined;
  do {
    const page = await ctx.ports.people.list({ cursor, limit: 100 });
    yield* page.people;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}
