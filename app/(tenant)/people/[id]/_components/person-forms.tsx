'use client';

import type { ReactNode } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { RoleSelect } from '../../_components/role-select';
import { changeRoleAction, removeAction, resendAction, setAccessAction } from '../../actions';

interface Of {
  readonly id: string;
}

const panel = 'space-y-3 border border-line bg-plate px-5 py-4';

const Explained = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <div>
    <h2 className="text-lg">{title}</h2>
    <p className="mt-1 text-sm text-muted">{children}</p>
  </div>
);

/** Gives the person another role. */
export function RoleForm({ id, role }: Of & { readonly role: string }) {
  return (
    <ActionForm act={changeRoleAction} className={panel}>
      <Explained title="Change role">
        The person is signed out, and has the new role at the next sign-in.
      </Explained>
      <input type="hidden" name="person" value={id} />
      <RoleSelect chosen={role} />
      <ActionFailure title="The role was not changed" />
      <SubmitButton variant="plain" pendingLabel="Changing…" leadsTo={['people']}>
        Change role
      </SubmitButton>
    </ActionForm>
  );
}

/** Mails the invitation again. */
export function ResendForm({ id }: Of) {
  return (
    <ActionForm act={resendAction} className={panel}>
      <Explained title="Invitation">
        A new mail brings a new temporary password, which lasts seven days. The one before ends.
      </Explained>
      <input type="hidden" name="person" value={id} />
      <ActionFailure title="The invitation was not sent" />
      <SubmitButton variant="plain" pendingLabel="Sending…" leadsTo={['people']}>
        Resend invitation
      </SubmitButton>
    </ActionForm>
  );
}

/** Disables the person, or lets them sign in again. */
export function AccessForm({ id, disabled }: Of & { readonly disabled: boolean }) {
  return (
    <ActionForm act={setAccessAction} className={panel}>
      <Explained title="Access">
        {disabled
          ? 'The person can’t sign in. What they made is kept.'
          : 'A disabled person is signed out at once and can’t sign in until somebody enables them. What they made is kept.'}
      </Explained>
      <input type="hidden" name="person" value={id} />
      <input type="hidden" name="disabled" value={disabled ? 'no' : 'yes'} />
      <ActionFailure title={disabled ? 'The person is still disabled' : 'The person is still enabled'} />
      <SubmitButton variant="plain" pendingLabel={disabled ? 'Enabling…' : 'Disabling…'} leadsTo={['people']}>
        {disabled ? 'Enable' : 'Disable'}
      </SubmitButton>
    </ActionForm>
  );
}

/** Removes the person, after a second look. */
export function RemoveForm({ id, email }: Of & { readonly email: string }) {
  return (
    <details className="border border-line bg-plate px-5 py-4">
      <summary className="cursor-pointer text-lg">Remove</summary>
      <ActionForm act={removeAction} className="mt-3 space-y-3">
        <p className="text-sm text-muted">
          {email} is signed out at once, and the user is deleted in Amazon Cognito. What they made is kept. To
          let them back in, invite them again.
        </p>
        <input type="hidden" name="person" value={id} />
        <ActionFailure title="Nobody was removed" />
        <SubmitButton variant="plain" wraps pendingLabel="Removing…" leadsTo={['people']}>
          Remove {email}
        </SubmitButton>
      </ActionForm>
    </details>
  );
}
