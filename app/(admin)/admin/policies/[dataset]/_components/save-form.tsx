'use client';

import type { ReactNode } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { changePolicyAction } from '../../actions';

/** Saves the reviewed change, which its hidden fields hold. */
export function SaveForm({
  fields,
  children,
}: {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly children: ReactNode;
}) {
  return (
    <ActionForm act={changePolicyAction} className="space-y-3">
      {fields.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <ActionFailure title="The policy was not changed" />
      <div className="flex flex-wrap gap-2">
        <SubmitButton pendingLabel="Saving…" leadsTo={['policy']}>
          Save this version
        </SubmitButton>
        {children}
      </div>
    </ActionForm>
  );
}
