import { system } from '@/lib/domain/actor';
import { record } from '@/lib/domain/audit/record';
import type { TenantContext } from '@/lib/domain/context';
import { reconcile, touched } from '@/lib/domain/reconcile';
import { currentStep, stepDone, stepFailed } from '@/lib/domain/stepwise';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Onboarding } from '../ports';
import { type Outcome, runStep, takeBack } from '../run-step';
import { isCheckDue, isOver, secondsToNextCheck } from '../steps';

/**
 * Sets up the tenant as far as it goes now, or takes the set-up back. May run at any time, and several times. Returns the onboarding;
 * null when there is none. Throws what may pass.
 */
export const advanceOnboarding = tenantVerb(
  'tenants.advance-onboarding',
  nothing,
  (ctx): Promise<Onboarding | null> =>
    reconcile<Onboarding>({
      load: () => ctx.ports.onboarding.load(),
      next: (present) => nextOf(ctx, present),
      isOver,
      sendCheck: (next) =>
        ctx.ports.jobs.send({ kind: 'tenants.onboard' }, { delaySeconds: secondsToNextCheck(next) }),
      update: (next) => ctx.ports.onboarding.update(next),
      recordEnd: (over) => recordEnd(ctx, over),
      afterWrite: async (before, written) => currentStep(before)?.name !== currentStep(written)?.name,
    }),
);

async function nextOf(ctx: TenantContext, onboarding: Onboarding): Promise<Onboarding | null> {
  if (onboarding.state === 'undoing') {
    await takeBack(ctx, onboarding);
    return touched<Onboarding>({ ...onboarding, state: 'undone' }, ctx.now());
  }
  const step = currentStep(onboarding);
  if (onboarding.state !== 'running' || !step) return null;
  return judged(ctx, onboarding, await runStep(ctx, onboarding, step.name));
}

function judged(ctx: TenantContext, onboarding: Onboarding, outcome: Outcome): Onboarding | null {
  const at = ctx.now();
  const name = currentStep(onboarding)?.name ?? 'tenant';
  switch (outcome.state) {
    case 'done':
      return stepDone({ ...onboarding, ownerId: outcome.ownerId ?? onboarding.ownerId }, name, at);
    case 'failed':
      return stepFailed(onboarding, name, outcome.reason, at);
    case 'running':
      return isCheckDue(onboarding, at) ? touched(onboarding, at) : null;
  }
}

const recordEnd = (
  ctx: TenantContext,
  { state, attempt, revision, ...onboarding }: Onboarding,
): Promise<void> =>
  record(ctx, {
    action: 'tenants.advance-onboarding',
    subject: `tenant/${ctx.tenant.id}`,
    detail: {
      state,
      attempt,
      step: currentStep(onboarding)?.name ?? null,
      reason: currentStep(onboarding)?.reason ?? null,
    },
    key: `${ctx.tenant.id}/${revision}`,
    by: system,
  });
