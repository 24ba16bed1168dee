'use client';

import type { ComponentProps, ReactNode } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';

/** One button that does something to a tenant. `attempt` is the failed attempt that the person sees; `failed` titles a refusal. */
export function DeedForm({
  act,
  tenantId,
  attempt,
  failed,
  pending,
  variant,
  children,
}: {
  readonly act: ComponentProps<typeof ActionForm>['act'];
  readonly tenantId: string;
  readonly attempt?: number;
  readonly failed: string;
  readonly pending: string;
  readonly variant?: 'primary' | 'plain';
  readonly children: ReactNode;
}) {
  return (
    <ActionForm act={act} className="space-y-3">
      <input type="hidden" name="tenantId" value={tenantId} />
      {attempt === undefined ? null : <input type="hidden" name="attempt" value={attempt} />}
      <ActionFailure title={failed} />
      <SubmitButton variant={variant ?? 'primary'} pendingLabel={pending} leadsTo={['tenant']}>
        {children}
      </SubmitButton>
    </ActionForm>
  );
}
