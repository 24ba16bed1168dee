import { system } from '@/lib/domain/actor';
import { auditEvent } from '@/lib/domain/audit/record';
import type { TenantContext } from '@/lib/domain/context';
import { reconcile, touched } from '@/lib/domain/reconcile';
import { currentStep, stepDone, stepFailed } from '@/lib/domain/stepwise';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import { certificateOf } from '../certificate';
import type { Closing, LeftOver } from '../ports';
import { type Outcome, runStep } from '../run-step';
import { isCheckDue, isOver, secondsToNextCheck } from '../steps';

/** What is left over is listed up to this many. */
const mostLeft = 200;

/**
 * Closes the tenant as far as it goes now. May run at any time, and several times. Returns the closing; null when there is none. Throws what
 * may pass.
 */
export const advanceClosing = tenantVerb(
  'tenants.advance-closing',
  nothing,
  (ctx): Promise<Closing | null> =>
    reconcile<Closing>({
      load: () => ctx.ports.closing.load(),
      next: (present) => nextOf(ctx, present),
      isOver,
      sendCheck: async (next) => {
        const delaySeconds = secondsToNextCheck(next, ctx.now());
        if (delaySeconds !== null) await ctx.ports.jobs.send({ kind: 'tenants.close' }, { delaySeconds });
      },
      update: (next) => write(ctx, next),
      // Written together with the end.
      recordEnd: async () => undefined,
      afterWrite: async (before, written) => currentStep(before)?.name !== currentStep(written)?.name,
    }),
);

async function nextOf(ctx: TenantContext, closing: Closing): Promise<Closing | null> {
  const step = currentStep(closing);
  if (closing.state !== 'running' || !step) return null;
  return judged(ctx, closing, await runStep(ctx, closing, step.name));
}

function judged(ctx: TenantContext, closing: Closing, outcome: Outcome): Closing | null {
  const at = ctx.now();
  const name = currentStep(closing)?.name ?? 'notice';
  if (outcome.state === 'failed') return stepFailed(closing, name, outcome.reason, at);
  if (outcome.state === 'running') return isCheckDue(closing, at) ? touched(closing, at) : null;
  const left = merged(closing.left, outcome.left ?? []);
  return stepDone({ ...closing, counts: outcome.counts ?? closing.counts, left }, name, at);
}

function merged(before: readonly LeftOver[], more: readonly LeftOver[]): readonly LeftOver[] {
  const known = new Set(before.map(({ what }) => what));
  return [...before, ...more.filter(({ what }) => !known.has(what))].slice(0, mostLeft);
}

/** What a step came to is audited in the same transaction. The end closes the tenant, with the certificate. */
function write(ctx: TenantContext, next: Closing): Promise<Closing> {
  if (next.state === 'done') return end(ctx, next);
  const ended = next.steps.findLast(({ finishedAt }) => finishedAt !== null);
  if (ended?.finishedAt?.getTime() !== next.updatedAt.getTime()) return ctx.ports.closing.update(next, null);
  const { name: step, state, reason } = ended;
  const event = auditEvent(ctx, {
    action: 'tenants.advance-closing',
    subject: `tenant/${ctx.tenant.id}`,
    result: state === 'failed' ? 'failed' : 'done',
    detail: { step, attempt: next.attempt, reason },
    key: `${ctx.tenant.id}/${next.askedAt.getTime()}/${next.attempt}/${step}`,
    by: system,
  });
  return ctx.ports.closing.update(next, event);
}

function end(ctx: TenantContext, next: Closing): Promise<Closing> {
  const certificate = certificateOf(next, ctx.tenant, next.updatedAt);
  const event = auditEvent(ctx, {
    action: 'tenants.close',
    subject: `tenant/${ctx.tenant.id}`,
    detail: { certificate: certificate.text, sha256: certificate.sha256 },
    before: { state: 'closing' },
    after: { state: 'closed' },
    key: `${ctx.tenant.id}/${next.askedAt.getTime()}`,
    by: system,
  });
  return ctx.ports.closing.end({ ...next, certificate }, event);
}
