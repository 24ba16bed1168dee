'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { defaultPlan } from '@/lib/domain/plans/ports';
import { PlanSelect } from '../../../_components/plan-select';
import {
  approveTenantAction,
  assignPlanAction,
  declineTenantAction,
  resumeTenantAction,
  retryOnboardingAction,
  suspendTenantAction,
  undoOnboardingAction,
} from '../../actions';
import { DeedForm } from './deed-form';

interface Of {
  readonly tenantId: string;
}

/** Tries the failed step again. */
export function RetryOnboarding({ tenantId, attempt }: Of & { readonly attempt: number }) {
  return (
    <DeedForm
      act={retryOnboardingAction}
      tenantId={tenantId}
      attempt={attempt}
      failed="The step was not retried"
      pending="Retrying…"
    >
      Retry
    </DeedForm>
  );
}

/** Takes a failed onboarding back. */
export function UndoOnboarding({ tenantId }: Of) {
  return (
    <DeedForm
      act={undoOnboardingAction}
      tenantId={tenantId}
      failed="The onboarding was not undone"
      pending="Undoing…"
      variant="plain"
    >
      Undo
    </DeedForm>
  );
}

/** Admits a tenant that signed up, whose owner gets a mail. */
export function ApproveForm({ tenantId, plans }: Of & Pick<Parameters<typeof PlanSelect>[0], 'plans'>) {
  return (
    <ActionForm act={approveTenantAction} className="space-y-3">
      <input type="hidden" name="tenantId" value={tenantId} />
      <label htmlFor="planId" className="block text-sm font-medium">
        Plan
        <PlanSelect
          plans={plans}
          chosen={defaultPlan}
          className="field mt-1 block w-full max-w-96 font-normal"
        />
      </label>
      <ActionFailure title="The tenant was not approved" />
      <SubmitButton pendingLabel="Approving…" leadsTo={['tenant']}>
        Approve
      </SubmitButton>
    </ActionForm>
  );
}

/** Declines a tenant that signed up, with the reason that is mailed. */
export function DeclineForm({ tenantId }: Of) {
  return (
    <ActionForm act={declineTenantAction} className="space-y-3 border-t border-line pt-4">
      <input type="hidden" name="tenantId" value={tenantId} />
      <label className="block text-sm font-medium">
        Reason
        <span className="block text-xs font-normal text-muted">It is mailed as it stands here.</span>
        <textarea
          name="reason"
          required
          rows={3}
          maxLength={500}
          className="field mt-1 block h-auto w-full py-2 font-normal"
        />
      </label>
      <ActionFailure title="The tenant was not declined" />
      <SubmitButton variant="plain" pendingLabel="Declining…" leadsTo={['tenant']}>
        Decline
      </SubmitButton>
    </ActionForm>
  );
}

/** Gives the tenant another plan. */
export function AssignPlanForm({
  tenantId,
  plans,
  current,
}: Of & Pick<Parameters<typeof PlanSelect>[0], 'plans'> & { readonly current: string }) {
  return (
    <ActionForm act={assignPlanAction} className="space-y-3">
      <input type="hidden" name="tenantId" value={tenantId} />
      <input type="hidden" name="from" value={current} />
      <div className="flex flex-wrap items-end gap-3">
        <label htmlFor="planId" className="block text-xs text-muted">
          Another plan
          <PlanSelect plans={plans} chosen={current} className="field mt-1 block w-64 max-w-full" />
        </label>
        <SubmitButton variant="plain" pendingLabel="Changing…" leadsTo={['tenant']}>
          Change plan
        </SubmitButton>
      </div>
      <p className="text-xs text-muted">
        It holds at once. What the tenant has beyond a limit stays; only further ones are refused.
      </p>
      <ActionFailure title="The plan was not changed" />
    </ActionForm>
  );
}

/** Suspends the tenant, with the reason that the audit keeps. */
export function SuspendForm({ tenantId }: Of) {
  return (
    <ActionForm
      act={suspendTenantAction}
      className="max-w-2xl space-y-3 border border-line bg-plate px-5 py-4"
    >
      <div>
        <h2 className="text-lg">Suspend</h2>
        <p className="mt-1 text-sm text-muted">
          The tenant’s people are refused at their next request, whatever their session says. Its apps are
          stopped and its queued and running extracts cancelled. Data and endpoints are kept.
        </p>
      </div>
      <input type="hidden" name="tenantId" value={tenantId} />
      <label className="block text-sm font-medium">
        Reason
        <input
          name="reason"
          required
          maxLength={500}
          autoComplete="off"
          className="field mt-1 block w-full font-normal"
        />
      </label>
      <ActionFailure title="The tenant is still active" />
      <SubmitButton variant="plain" pendingLabel="Suspending…" leadsTo={['tenant']}>
        Suspend
      </SubmitButton>
    </ActionForm>
  );
}

/** Lets the people of a suspended tenant in again. */
export function ResumeForm({ tenantId }: Of) {
  return (
    <ActionForm
      act={resumeTenantAction}
      className="max-w-2xl space-y-3 border border-line bg-plate px-5 py-4"
    >
      <div>
        <h2 className="text-lg">Resume</h2>
        <p className="mt-1 text-sm text-muted">
          The tenant’s people can sign in again, and scoring goes on. Sessions from before stay over; apps and
          cancelled extracts stay stopped until somebody starts them.
        </p>
      </div>
      <input type="hidden" name="tenantId" value={tenantId} />
      <ActionFailure title="The tenant is still suspended" />
      <SubmitButton pendingLabel="Resuming…" leadsTo={['tenant']}>
        Resume
      </SubmitButton>
    </ActionForm>
  );
}
