'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { inviteAction } from '../actions';
import { RoleSelect } from './role-select';

/** Invites somebody by address. */
export function InviteForm() {
  return (
    <ActionForm act={inviteAction} className="space-y-4 border border-line bg-plate px-5 py-4">
      <div>
        <label htmlFor="email" className="block text-sm font-medium">
          Work e-mail
        </label>
        <input
          id="email"
          name="email"
          type="email"
          required
          maxLength={254}
          autoComplete="off"
          spellCheck={false}
          className="field mt-1 w-full max-w-96"
        />
      </div>
      <RoleSelect chosen="scientist" />
      <ActionFailure title="Nobody was invited" />
      <SubmitButton pendingLabel="Inviting…" leadsTo={['people']}>
        Invite
      </SubmitButton>
    </ActionForm>
  );
}
