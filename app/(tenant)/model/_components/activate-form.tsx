'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { activateEndpointAction } from '../actions';

/** Registers the endpoint as a new version and scores the customers with it. */
export function ActivateForm({ endpointName }: { readonly endpointName: string }) {
  return (
    <ActionForm act={activateEndpointAction} className="space-y-3">
      <input type="hidden" name="endpoint" value={endpointName} />
      <ActionFailure title="The endpoint was not activated" />
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <SubmitButton pendingLabel="Activating…" leadsTo={['model']}>
          Activate
        </SubmitButton>
        <p className="min-w-0 flex-1 basis-72 text-sm text-muted">
          Registers a new version and scores all customers with it. If the endpoint has changed since the
          test, or the report is older than 15 minutes, Annex tests it again first.
        </p>
      </div>
    </ActionForm>
  );
}
