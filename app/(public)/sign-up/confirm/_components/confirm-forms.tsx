'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { Field } from '../../_components/field';
import { confirmSignUpAction, renameOrganisationAction, resendCodeAction } from '../../actions';

interface Of {
  /** Of the sign-up. */
  readonly id: string;
}

/** Takes the code from the mail. */
export function CodeForm({ id }: Of) {
  return (
    <ActionForm act={confirmSignUpAction} className="space-y-4 border border-line bg-plate px-5 py-5">
      <input type="hidden" name="id" value={id} />
      <Field
        name="code"
        label="Code"
        about="Six digits."
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={20}
      />
      <ActionFailure title="Your address is not confirmed" />
      <SubmitButton pendingLabel="Confirming…" leadsTo={['sign-up']}>
        Confirm
      </SubmitButton>
    </ActionForm>
  );
}

/** Has another code mailed. */
export function ResendForm({ id }: Of) {
  return (
    <ActionForm act={resendCodeAction} className="space-y-3">
      <input type="hidden" name="id" value={id} />
      <ActionFailure title="No other code was sent" />
      <SubmitButton variant="plain" pendingLabel="Sending…" leadsTo={['sign-up']}>
        Send another code
      </SubmitButton>
    </ActionForm>
  );
}

/** Takes another name for the organisation. */
export function RenameForm({ id, name }: Of & { readonly name: string }) {
  return (
    <ActionForm act={renameOrganisationAction} className="space-y-4 border border-line bg-plate px-5 py-5">
      <input type="hidden" name="id" value={id} />
      <Field
        name="organisation"
        label="Organisation"
        about="Another name than before."
        defaultValue={name}
        maxLength={150}
        autoComplete="organization"
      />
      <ActionFailure title="You can’t use this name" />
      <SubmitButton pendingLabel="Asking…" leadsTo={['sign-up']}>
        Use this name
      </SubmitButton>
    </ActionForm>
  );
}
