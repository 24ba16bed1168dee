'use client';

import type { ReactNode } from 'react';
import { useFormStatus } from 'react-dom';
import { expectResult } from '@/components/live/expected';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { Button } from '@/components/ui/button';
import { activateVersionAction } from '../actions';

/** One form for all versions: the pressed button names its version. */
export function VersionsForm({ children }: { readonly children: ReactNode }) {
  return (
    <ActionForm act={activateVersionAction} className="space-y-3">
      <ActionFailure title="The model in use was not changed" />
      {children}
    </ActionForm>
  );
}

/** Activates an earlier version again. */
export function ReturnButton({
  version,
  label,
}: {
  readonly version: number;
  readonly label: 'Roll back' | 'Return' | 'Deploy again' | 'Undo';
}) {
  const { pending, data } = useFormStatus();
  const own = pending && data?.get('version') === String(version);
  return (
    <Button
      type="submit"
      name="version"
      value={version}
      aria-disabled={pending}
      aria-label={`${label}${label === 'Roll back' || label === 'Return' ? ' to' : ':'} version ${version}`}
      onClick={(event) => {
        if (pending) event.preventDefault();
        else expectResult(['model', 'endpoints']);
      }}
    >
      {own ? 'Changing…' : label}
    </Button>
  );
}
