import { Timeline } from '@/components/data/timeline';
import { LiveTimeline } from '@/components/live/live-timeline';
import { Result } from '@/components/live/result';
import { Notice } from '@/components/ui/notice';
import type { Onboarding } from '@/lib/domain/onboarding/ports';
import { isOver } from '@/lib/domain/onboarding/steps';
import { tenantHref } from '../../words';
import { onboardingReading } from '../tenant-reading';
import { RetryOnboarding, UndoOnboarding } from './tenant-forms';

/** How far the onboarding is, and what can be done about it. */
export function OnboardingPart({
  onboarding,
  hasAccount,
  now,
}: {
  readonly onboarding: Onboarding;
  readonly hasAccount: boolean;
  readonly now: Date;
}) {
  const { tenantId, state, attempt } = onboarding;
  const reading = onboardingReading(onboarding, now);
  return (
    <section className="space-y-3">
      <Result name="tenant" mark={reading.mark} words={reading.words} className="text-lg">
        Onboarding: {reading.words}
      </Result>
      {state === 'failed' ? (
        <Notice
          tone="failed"
          title="Onboarding stopped"
          actions={
            <div className="flex flex-wrap gap-3">
              <RetryOnboarding tenantId={tenantId} attempt={attempt} />
              {hasAccount ? null : <UndoOnboarding tenantId={tenantId} />}
            </div>
          }
        >
          <p>
            What was made is kept, and retrying goes on from the failed step.{' '}
            {hasAccount
              ? 'It can’t be undone, because AWS has created an account.'
              : 'Undoing removes the owner’s user and closes the tenant.'}
          </p>
        </Notice>
      ) : null}
      {isOver(onboarding) ? (
        <Timeline steps={reading.steps} now={now.getTime()} />
      ) : (
        <LiveTimeline
          initial={reading}
          href={`${tenantHref(tenantId)}/status`}
          pageHref={tenantHref(tenantId)}
        />
      )}
    </section>
  );
}
