'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import type { DatasetName } from '@/lib/domain/extracts/ports';
import type { Tenant } from '@/lib/domain/tenants/tenant';
import { endOverrideAction } from '../../actions';
import { fields } from '../../fields';

/** Ends the override of a tenant. */
export function EndOverride({
  dataset,
  tenant,
  base,
}: {
  readonly dataset: DatasetName;
  readonly tenant: Tenant;
  readonly base: number;
}) {
  return (
    <section aria-labelledby="end" className="space-y-3">
      <h2 id="end" className="text-lg">
        End the override
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        From then on, {tenant.name} follows the standard, with every later change of it. The versions of the
        override are kept below.
      </p>
      <ActionForm act={endOverrideAction} className="space-y-3">
        <input type="hidden" name={fields.dataset} value={dataset} />
        <input type="hidden" name={fields.tenant} value={tenant.id} />
        <input type="hidden" name={fields.base} value={base} />
        <ActionFailure title="The override was not ended" />
        <SubmitButton pendingLabel="Ending…" leadsTo={['policy']} variant="plain">
          Follow the standard again
        </SubmitButton>
      </ActionForm>
    </section>
  );
}
