'use server';

import { redirect } from 'next/navigation';
import { changePolicy } from '@/lib/domain/policies/verbs/change-policy';
import { endOverride } from '@/lib/domain/policies/verbs/end-override';
import { AnnexError } from '@/lib/errors';
import { action } from '@/lib/server/action';
import { fields, inputOf, policyHref, readDraft, scopeIn } from './fields';

/** Writes the change that was reviewed, and shows the policy with it. */
export const changePolicyAction = action(
  { action: changePolicy.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const { dataset, tenant } = knownScope(form);
    const draft = readDraft(dataset, form);
    const version = await changePolicy(context, {
      dataset,
      tenant,
      base: Number(draft.base || Number.NaN),
      ...inputOf(draft),
    });
    redirect(policyHref({ dataset, tenant }, [[fields.saved, String(version)]]));
  },
);

/** Ends a tenant's override, and shows what the tenant follows now. */
export const endOverrideAction = action(
  { action: endOverride.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const { dataset, tenant } = knownScope(form);
    const { base, note, effectiveOn } = readDraft(dataset, form);
    const version = await endOverride(context, {
      dataset,
      tenant: tenant ?? '',
      base: Number(base || Number.NaN),
      effectiveOn,
      note,
    });
    redirect(policyHref({ dataset, tenant }, [[fields.saved, String(version)]]));
  },
);

function knownScope(form: FormData) {
  const { dataset, tenant } = scopeIn(form);
  if (dataset !== null) return { dataset, tenant };
  const text = 'is not a dataset';
  throw new AnnexError('invalid', `dataset: ${text}`, { fields: { dataset: text } });
}
