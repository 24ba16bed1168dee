'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { discardMessageAction, redriveAllAction, redriveMessageAction } from '../actions';

interface Of {
  readonly queue: string;
  readonly messageId: string;
}

function Fields({ queue, messageId }: Of) {
  return (
    <>
      <input type="hidden" name="queue" value={queue} />
      <input type="hidden" name="messageId" value={messageId} />
    </>
  );
}

/** Sends one dead letter back to its queue. */
export function RedriveForm(message: Of) {
  return (
    <ActionForm act={redriveMessageAction} className="space-y-3">
      <Fields {...message} />
      <ActionFailure title="The message was not sent back" />
      <SubmitButton variant="plain" pendingLabel="Redriving…" leadsTo={['queues']}>
        Redrive
      </SubmitButton>
    </ActionForm>
  );
}

/** Deletes one dead letter, after a second look. */
export function DiscardForm(message: Of) {
  return (
    <details>
      <summary className="cursor-pointer py-1.5 text-sm underline underline-offset-4">Discard…</summary>
      <ActionForm act={discardMessageAction} className="mt-2 space-y-3">
        <p className="max-w-prose text-sm text-muted">
          The message is deleted for good, and its work is not done. The audit keeps what it was about.
        </p>
        <Fields {...message} />
        <ActionFailure title="The message was not discarded" />
        <SubmitButton variant="plain" pendingLabel="Discarding…" leadsTo={['queues']}>
          Discard this message
        </SubmitButton>
      </ActionForm>
    </details>
  );
}

/** Sends all dead letters of a queue back. */
export function RedriveAllForm({ queue }: Pick<Of, 'queue'>) {
  return (
    <ActionForm act={redriveAllAction} className="space-y-3">
      <input type="hidden" name="queue" value={queue} />
      <ActionFailure title="The dead letters were not sent back" />
      <SubmitButton variant="plain" pendingLabel="Redriving…" leadsTo={['queues']}>
        Redrive all
      </SubmitButton>
    </ActionForm>
  );
}
