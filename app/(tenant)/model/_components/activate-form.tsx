'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { activateEndpointAction } from '../actions';

/** Makes the endpoint a version and scores the customers with it. Says beforehand what that changes. */
export function ActivateForm({
  endpointName,
  now,
  then,
}: {
  readonly endpointName: string;
  /** The active model. */
  readonly now: string;
  /** The active model after the activation. */
  readonly then: string;
}) {
  return (
    <ActionForm act={activateEndpointAction} className="space-y-3">
      <input type="hidden" name="endpoint" value={endpointName} />
      <ActionFailure title={`${endpointName} was not activated`} />
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 text-sm [overflow-wrap:anywhere]">
        <dt className="text-muted">Active now</dt>
        <dd>{now}</dd>
        <dt className="text-muted">After activation</dt>
        <dd>{then}</dd>
      </dl>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <SubmitButton pendingLabel="Activating…" leadsTo={['model']} wraps>
          Activate {endpointName}
        </SubmitButton>
        <p className="min-w-0 flex-1 basis-72 text-sm text-muted">
          All customers are scored with it. If the endpoint has changed since the test, or the report is older
          than 15 minutes, Annex tests it again first.
        </p>
      </div>
    </ActionForm>
  );
}
