'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { closeTenantAction, deleteNowAction, keepTenantAction, retryClosingAction } from '../../actions';
import { DeedForm } from './deed-form';

interface Of {
  readonly tenantId: string;
}

/** Begins to close the tenant, once its id is typed. */
export function CloseForm({ tenantId, graceDays }: Of & { readonly graceDays: number }) {
  return (
    <ActionForm
      act={closeTenantAction}
      className="max-w-2xl space-y-3 border border-failed/50 bg-plate px-5 py-4"
    >
      <div>
        <h2 className="text-lg">Close</h2>
        <p className="mt-1 text-sm text-muted">
          The tenant’s people are refused at once. Its owners are told and can export everything for{' '}
          {graceDays} {graceDays === 1 ? 'day' : 'days'}. Then everything is deleted and the AWS account
          closed. Until then you can keep the tenant.
        </p>
      </div>
      <input type="hidden" name="tenantId" value={tenantId} />
      <label className="block text-sm font-medium">
        Why it is closed
        <input
          name="reason"
          required
          maxLength={500}
          autoComplete="off"
          className="field mt-1 block w-full font-normal"
        />
      </label>
      <Confirmation tenantId={tenantId} />
      <ActionFailure title="The tenant was not closed" />
      <SubmitButton variant="plain" pendingLabel="Closing…" leadsTo={['tenant']}>
        Close tenant
      </SubmitButton>
    </ActionForm>
  );
}

/** Takes the closing back. */
export function KeepForm({ tenantId }: Of) {
  return (
    <DeedForm
      act={keepTenantAction}
      tenantId={tenantId}
      failed="The tenant is still being closed"
      pending="Keeping…"
    >
      Keep tenant
    </DeedForm>
  );
}

/** Ends the days of grace, once the id is typed. */
export function DeleteNowForm({ tenantId }: Of) {
  return (
    <ActionForm act={deleteNowAction} className="max-w-md space-y-3 pt-2">
      <input type="hidden" name="tenantId" value={tenantId} />
      <Confirmation tenantId={tenantId} />
      <ActionFailure title="Nothing was deleted" />
      <SubmitButton variant="plain" pendingLabel="Deleting…" leadsTo={['tenant']}>
        Delete now
      </SubmitButton>
    </ActionForm>
  );
}

/** Tries the failed step again. */
export function RetryClosing({ tenantId, attempt }: Of & { readonly attempt: number }) {
  return (
    <DeedForm
      act={retryClosingAction}
      tenantId={tenantId}
      attempt={attempt}
      failed="The step was not retried"
      pending="Retrying…"
    >
      Retry
    </DeedForm>
  );
}

function Confirmation({ tenantId }: Of) {
  return (
    <label className="block text-sm font-medium">
      Id of the tenant
      <span className="block text-xs font-normal text-muted">
        Type <span className="figures">{tenantId}</span>, so that nobody closes another one by mistake.
      </span>
      <input
        name="confirmation"
        required
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        className="field mt-1 block w-full font-normal"
      />
    </label>
  );
}
