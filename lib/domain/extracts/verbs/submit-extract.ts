import { decodeTime, ulid } from 'ulid';
import { refuseWhileBraked } from '@/lib/domain/budget/brake';
import type { TenantContext } from '@/lib/domain/context';
import type { PlanInForce } from '@/lib/domain/plans/ports';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { checkCapacity, checkDay, dayIsFull, isBeyondDay, isSurplus, tooManyOpen } from '../capacity';
import { newExtract } from '../lifecycle';
import { longestFormMs } from '../limits';
import { planExtract } from '../plan';
import type { Extract } from '../ports';
import { recordSubmission } from '../records';
import { refuseTooManyRows } from '../rows';
import { submitExtractInput } from '../schemas';

const clockSkewMs = 60_000;
const nothingDone = 'Nothing was submitted';

/**
 * Requests an extract and returns it; the worker has it written. A form sent twice makes one extract. Throws `forbidden`;
 * `invalid` with the field at fault, also for more rows than the policy allows; `conflict` while there is no account to write to, and
 * when the plan allows no more today or its budget is spent; `throttled` when too many are open.
 */
export const submitExtract = tenantVerb('extracts.submit', submitExtractInput, async (ctx, input) => {
  const { store } = ctx.ports.extracts;
  if (ctx.tenant.accountId === null) {
    throw new AnnexError(
      'conflict',
      'There is no bucket for extracts yet because there is no workbench. Request the workbench first.',
    );
  }
  const plan = await planExtract(ctx, input.draft);
  const { query, policy, range, asOf } = plan;
  const at = ctx.now();
  const content = {
    dataset: input.draft.dataset,
    format: input.draft.format,
    columns: query.columns,
    policyVersion: policy.version,
    range,
    asOf,
    requestedBy: { id: ctx.actor.id, name: ctx.actor.name },
  };
  const formId = usableId(input.requestId, at);
  const present = formId === null ? null : await store.get(formId);
  if (present && sameContent(present, content)) return handedOn(ctx, present);
  await refuseWhileBraked(ctx, 'New extracts');
  await refuseTooManyRows(ctx, input.draft.dataset, plan);
  const tenantPlan = await ctx.ports.plan.current();
  await checkDay(ctx, tenantPlan);
  await checkCapacity(ctx, nothingDone);
  const requestId = formId === null || present ? ulid(at.getTime()) : formId;
  const created = await store.create(newExtract({ requestId, ...content }, at));
  const refusal = created.state === 'queued' ? await refusalOf(ctx, tenantPlan, created) : null;
  return handedOn(ctx, refusal ? await withdrawn(ctx, created, refusal) : created);
});

/** Why the extract that was just stored is one too many; null if it is not. */
async function refusalOf(
  ctx: TenantContext,
  plan: PlanInForce,
  created: Extract,
): Promise<AnnexError | null> {
  if (await isSurplus(ctx, created)) return tooManyOpen(nothingDone);
  if (await isBeyondDay(ctx, plan, created)) return dayIsFull(plan, plan.limits.extractsPerDay ?? 0);
  return null;
}

/** Removes `created` and throws `refusal`; returns the extract if it was claimed meanwhile. */
async function withdrawn(ctx: TenantContext, created: Extract, refusal: AnnexError): Promise<Extract> {
  const { store } = ctx.ports.extracts;
  try {
    await store.remove(created);
  } catch (error) {
    if (!isAnnexError(error, 'conflict')) throw error;
    const present = await store.get(created.requestId);
    if (present) return present;
  }
  throw refusal;
}

/** The id that the form sent, unless it encodes another time: extracts sort by it. */
function usableId(requestId: string | undefined, at: Date): string | null {
  if (requestId === undefined) return null;
  const age = at.getTime() - decodeTime(requestId);
  return age > -clockSkewMs && age < longestFormMs ? requestId : null;
}

function sameContent(present: Extract, content: Partial<Extract>): boolean {
  return Object.entries(content).every(
    ([key, value]) => JSON.stringify(present[key as keyof Extract]) === JSON.stringify(value),
  );
}

/** Sends the job in case an earlier request ended before it did. */
async function handedOn(ctx: TenantContext, extract: Extract): Promise<Extract> {
  if (extract.state !== 'queued') return extract;
  await recordSubmission(ctx, extract);
  await ctx.ports.jobs.send({
    kind: 'extract.advance',
    requestId: extract.requestId,
  });
  return extract;
}
