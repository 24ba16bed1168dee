import { system } from '@/lib/domain/actor';
import { auditEvent } from '@/lib/domain/audit/record';
import type { TenantContext } from '@/lib/domain/context';
import { orRefusal, reconcile, touched } from '@/lib/domain/reconcile';
import { currentStep, stepDone, stepFailed } from '@/lib/domain/stepwise';
import { tenantVerb } from '@/lib/domain/verb';
import { runStep } from '../deploy';
import { subscriptionInput } from '../schemas';
import {
  begun,
  deployedName,
  isCheckDue,
  isEntitled,
  isSettled,
  type Subscription,
  secondsToNextCheck,
} from '../subscription';

/**
 * Deploys the model of a subscription that is active, and takes it down after its end, as far as either goes now. May run at any time, and
 * several times. Returns the subscription; null when there is none. Throws what may pass.
 */
export const advanceSubscription = tenantVerb(
  'subscriptions.advance',
  subscriptionInput,
  (ctx, { subscriptionId }): Promise<Subscription | null> =>
    reconcile<Subscription>({
      load: () => ctx.ports.subscriptions.get(subscriptionId),
      next: (present) => nextOf(ctx, present),
      isOver: isSettled,
      sendCheck: (next) =>
        ctx.ports.jobs.send(
          { kind: 'subscriptions.advance', subscriptionId },
          { delaySeconds: secondsToNextCheck(next) },
        ),
      update: (next) => write(ctx, next),
      // Written together with the end.
      recordEnd: async () => undefined,
      afterWrite: async (before, written) => currentStep(before)?.name !== currentStep(written)?.name,
    }),
);

async function nextOf(ctx: TenantContext, subscription: Subscription): Promise<Subscription | null> {
  const at = ctx.now();
  if (subscription.standing === 'cancelling') return removal(ctx, subscription, at);
  if (!isEntitled(subscription)) return null;
  if (subscription.state === 'none') return beginning(ctx, subscription, at);
  const step = currentStep(subscription);
  if (subscription.state !== 'running' || !step) return null;
  const outcome = await runStep(ctx, subscription, step.name);
  if (outcome.state === 'failed') return stepFailed(subscription, step.name, outcome.reason, at);
  if (outcome.state === 'running') return isCheckDue(subscription, at) ? touched(subscription, at) : null;
  return stepDone(subscription, step.name, at);
}

async function beginning(
  ctx: TenantContext,
  subscription: Subscription,
  at: Date,
): Promise<Subscription | null> {
  const listing = await ctx.ports.market.get(subscription.listingId);
  return listing?.version ? begun(subscription, listing.version, at) : null;
}

/** What AWS refuses for good stays until the account is closed, or AWS allows it. */
async function removal(
  ctx: TenantContext,
  subscription: Subscription,
  at: Date,
): Promise<Subscription | null> {
  if (subscription.state === 'none') return removed(subscription, at);
  if (subscription.state !== 'removing') {
    return touched<Subscription>({ ...subscription, state: 'removing' }, at);
  }
  const place = { accountId: subscription.accountId, name: deployedName(subscription) };
  const outcome = await orRefusal(async () => ({ gone: await ctx.ports.deployments.remove(place) }));
  if ('refusal' in outcome) {
    ctx.log.warn(
      { subscription: subscription.id, refusal: outcome.refusal },
      'a model could not be taken down',
    );
  } else if (outcome.gone) return removed(subscription, at);
  return isCheckDue(subscription, at) ? touched(subscription, at) : null;
}

const removed = (subscription: Subscription, at: Date): Subscription =>
  touched<Subscription>({ ...subscription, state: 'removed', standing: 'cancelled', removedAt: at }, at);

/** How a deployment ended is audited in the same transaction. */
function write(ctx: TenantContext, next: Subscription): Promise<Subscription> {
  const { id, state, version, attempt, standing } = next;
  if (state !== 'done' && state !== 'failed' && state !== 'removed') {
    return ctx.ports.subscriptions.update(next, null);
  }
  const failed = next.steps.find((step) => step.state === 'failed');
  const event = auditEvent(ctx, {
    action: 'subscriptions.advance',
    subject: `subscription/${id}`,
    result: state === 'failed' ? 'failed' : 'done',
    detail: { state, version, attempt, step: failed?.name ?? null, reason: failed?.reason ?? null },
    key: `${id}/${standing}/${state}/${attempt}`,
    by: system,
  });
  return ctx.ports.subscriptions.update(next, event);
}
