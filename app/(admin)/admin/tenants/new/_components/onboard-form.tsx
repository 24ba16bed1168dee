'use client';

import type { ReactNode } from 'react';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { defaultPlan, type Plan } from '@/lib/domain/plans/ports';
import { PlanSelect } from '../../../_components/plan-select';
import { onboardTenantAction } from '../../actions';

/** What a new tenant needs. `variants` are the workbenches that it can be given at once. */
export function OnboardForm({
  variants,
  plans,
}: {
  readonly variants: readonly { readonly id: string; readonly name: string }[];
  readonly plans: readonly Pick<Plan, 'id' | 'name'>[];
}) {
  return (
    <ActionForm
      act={onboardTenantAction}
      className="max-w-2xl space-y-5 border border-line bg-plate px-5 py-5"
    >
      <Field name="name" label="Name" about="As its people and yours know the organisation.">
        <input id="name" name="name" required maxLength={150} autoComplete="off" {...described('name')} />
      </Field>
      <Field
        name="tenantId"
        label="Id"
        about="Small letters, digits and hyphens, 2 to 40. It stands in names of buckets and accounts, and can’t be changed later."
      >
        <input
          id="tenantId"
          name="tenantId"
          required
          minLength={2}
          maxLength={40}
          pattern="[a-z0-9](-?[a-z0-9])+"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          {...described('tenantId')}
        />
      </Field>
      <Field
        name="ownerEmail"
        label="Work e-mail of the first owner"
        about="Amazon Cognito mails an invitation. The owner then invites the others."
      >
        <input
          id="ownerEmail"
          name="ownerEmail"
          type="email"
          required
          maxLength={254}
          autoComplete="off"
          {...described('ownerEmail')}
        />
      </Field>
      <Field
        name="planId"
        label="Plan"
        about="What the tenant may use: workbenches, extracts, people, endpoints, budget. It can be changed later."
      >
        <PlanSelect plans={plans} chosen={defaultPlan} {...described('planId')} />
      </Field>
      <Field
        name="variantId"
        label="Workbench"
        about="Its AWS account is created now. Without one, the tenant’s people request it when they need it."
      >
        <select id="variantId" name="variantId" {...described('variantId')}>
          <option value="">None for now</option>
          {variants.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <ActionFailure title="The tenant was not onboarded" />
      <SubmitButton pendingLabel="Onboarding…" leadsTo={['tenant']}>
        Onboard tenant
      </SubmitButton>
    </ActionForm>
  );
}

const described = (name: string) => ({
  'aria-describedby': `${name}-about`,
  className: 'field mt-1 w-full max-w-96',
});

function Field({
  name,
  label,
  about,
  children,
}: {
  readonly name: string;
  readonly label: string;
  readonly about: string;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <label htmlFor={name} className="block text-sm font-medium">
        {label}
      </label>
      <p id={`${name}-about`} className="text-xs text-muted">
        {about}
      </p>
      {children}
    </div>
  );
}
