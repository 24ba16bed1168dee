'use client';

import type { ComponentProps } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';

interface Asked {
  readonly act: ComponentProps<typeof ActionForm>['act'];
  /** For administrators: whose links. */
  readonly tenantId?: string | undefined;
}

/** Runs the doctor over all links. */
export function RunDoctor({ act, tenantId }: Asked) {
  return (
    <ActionForm act={act} className="space-y-3">
      {tenantId === undefined ? null : <input type="hidden" name="tenantId" value={tenantId} />}
      <ActionFailure title="The doctor did not run" />
      <SubmitButton pendingLabel="Running…" leadsTo={['doctor']}>
        Run doctor
      </SubmitButton>
    </ActionForm>
  );
}

/** Looks at one link again, and at those that it hangs on. */
export function RunAgain({
  act,
  tenantId,
  link,
  title,
}: Asked & { readonly link: string; readonly title: string }) {
  return (
    <ActionForm act={act} className="space-y-3">
      {tenantId === undefined ? null : <input type="hidden" name="tenantId" value={tenantId} />}
      <input type="hidden" name="link" value={link} />
      <SubmitButton variant="plain" pendingLabel="Running…" leadsTo={['doctor-link']}>
        Run again<span className="sr-only"> for {title}</span>
      </SubmitButton>
      <ActionFailure title="The doctor did not run" />
    </ActionForm>
  );
}
