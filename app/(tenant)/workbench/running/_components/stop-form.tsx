'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import type { AppKey } from '@/lib/domain/running/ports';
import { stopAppAction, stopEndpointAction } from '../actions';

/** Stops an app. */
export function StopApp({ domainId, owner, type, name }: AppKey) {
  return (
    <ActionForm act={stopAppAction} className="space-y-2">
      <input type="hidden" name="domain" value={domainId} />
      <input type="hidden" name="kind" value={owner.kind} />
      <input type="hidden" name="owner" value={owner.name} />
      <input type="hidden" name="type" value={type} />
      <input type="hidden" name="name" value={name} />
      <ActionFailure title="It was not stopped" />
      <SubmitButton variant="plain" pendingLabel="Stopping…" leadsTo={['running']}>
        Stop
      </SubmitButton>
    </ActionForm>
  );
}

/** Stops an endpoint; that of the active model once the person says so. */
export function StopEndpoint({
  name,
  version,
}: {
  readonly name: string;
  /** The active version that it serves; null: none. */
  readonly version: number | null;
}) {
  return (
    <ActionForm act={stopEndpointAction} className="space-y-2">
      <input type="hidden" name="endpoint" value={name} />
      {version === null ? null : (
        <label className="flex max-w-56 items-start gap-2 text-left text-sm whitespace-normal">
          <input type="checkbox" name="confirmed" value="yes" required className="mt-1" />
          <span>Scores of version {version} end: people see those of the built-in model</span>
        </label>
      )}
      <ActionFailure title="It was not stopped" />
      <SubmitButton variant="plain" pendingLabel="Stopping…" leadsTo={['running']}>
        Stop
      </SubmitButton>
    </ActionForm>
  );
}
