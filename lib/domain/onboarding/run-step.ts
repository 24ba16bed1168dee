import { auditEvent } from '../audit/record';
import type { TenantContext } from '../context';
import { datasetNames } from '../extracts/ports';
import { invite } from '../people/invite';
import { orRefusal } from '../reconcile';
import { currentStep as currentPart } from '../workbench/steps';
import { requestWorkbench } from '../workbench/verbs/request-workbench';
import { retryStep } from '../workbench/verbs/retry-step';
import type { Onboarding, OnboardingStepName } from './ports';

/** What a step has come to. */
export type Outcome =
  | { readonly state: 'done'; readonly ownerId?: string }
  | { readonly state: 'running' }
  | { readonly state: 'failed'; readonly reason: string };

const done: Outcome = { state: 'done' };

type Step = (ctx: TenantContext, onboarding: Onboarding) => Promise<Outcome>;

const steps: Readonly<Record<OnboardingStepName, Step>> = {
  // Added together with the onboarding.
  tenant: async () => done,
  // Read with a session of the tenant's role: it shows that the role trusts Annex for this tenant.
  role: async (ctx) => {
    await ctx.ports.workbenches.live();
    return done;
  },
  policy: async (ctx) => {
    const policies = await ctx.ports.extracts.policies.all();
    const without = datasetNames.filter((name) => !policies.some(({ dataset }) => dataset === name));
    if (without.length === 0) return done;
    return {
      state: 'failed',
      reason: `No extract policy is in force for ${without.join(', ')}. Add one, then retry.`,
    };
  },
  owner: async (ctx, { ownerEmail, ownerId, askedBy }) => {
    // Who signed up has a user and a password.
    if (ownerId !== null) await ctx.ports.userPool.adopt(ownerId, 'owner');
    return {
      state: 'done',
      ownerId: ownerId ?? (await invite(ctx, { email: ownerEmail, role: 'owner' }, askedBy)),
    };
  },
  workbench: furnish,
};

/** Does what `name` needs, if it is not done already. Throws what may pass. */
export async function runStep(
  ctx: TenantContext,
  onboarding: Onboarding,
  name: OnboardingStepName,
): Promise<Outcome> {
  const outcome = await orRefusal(() => steps[name](ctx, onboarding));
  return 'refusal' in outcome ? { state: 'failed', reason: outcome.refusal } : outcome;
}

/** Requests the workbench, and waits for it. A failed one is tried again once per attempt of the onboarding. */
async function furnish(ctx: TenantContext, { variantId, attempt }: Onboarding): Promise<Outcome> {
  let request = await requestWorkbench(ctx, { variantId: variantId ?? '', parameters: {} });
  if (request.state === 'failed' && request.attempt < attempt) {
    request = await retryStep(ctx, { requestId: request.requestId, attempt: request.attempt });
  }
  if (request.state === 'ready') return done;
  if (request.state === 'provisioning') return { state: 'running' };
  return { state: 'failed', reason: currentPart(request)?.reason ?? 'The workbench could not be set up.' };
}

/** Removes the owner's user, and closes the tenant. Its id stays taken, because the audit names it. May be repeated. */
export async function takeBack(
  ctx: TenantContext,
  { ownerId, ownerEmail, askedBy }: Onboarding,
): Promise<void> {
  const { people, userPool, tenant } = ctx.ports;
  // An interrupted invitation may have left a user without a row.
  const id = ownerId ?? (await userPool.unfinished(ownerEmail))?.id ?? null;
  if (id !== null) {
    await userPool.remove(id);
    const event = auditEvent(ctx, {
      action: 'people.remove',
      subject: `user/${id}`,
      detail: { email: ownerEmail },
      key: id,
      by: askedBy,
    });
    await people.forget(id, event);
  }
  await tenant.closeUnused();
}
