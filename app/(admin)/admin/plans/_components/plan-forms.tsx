'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import type { PlanLimits } from '@/lib/domain/plans/ports';
import { changePlanAction, createPlanAction, retirePlanAction } from '../actions';
import { fields } from '../fields';
import { LimitFields, type OfferedVariant } from './limit-fields';

interface Limits {
  readonly limits: PlanLimits;
  readonly variants: readonly OfferedVariant[];
}

/** Adds a plan. */
export function CreatePlanForm(limits: Limits) {
  return (
    <ActionForm act={createPlanAction} className="space-y-5">
      <div className="flex flex-wrap gap-x-6 gap-y-4">
        <label className="block text-sm font-medium">
          Name
          <input
            name={fields.name}
            required
            maxLength={60}
            autoComplete="off"
            className="field mt-1 block w-72 max-w-full font-normal"
          />
        </label>
        <div>
          <label htmlFor="plan-id" className="block text-sm font-medium">
            Id
          </label>
          <input
            id="plan-id"
            name={fields.id}
            required
            minLength={2}
            maxLength={40}
            pattern="[a-z0-9](-?[a-z0-9])+"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby="plan-id-about"
            className="field mt-1 block w-72 max-w-full"
          />
          <p id="plan-id-about" className="mt-1 text-xs text-muted">
            Small letters, digits and hyphens. It can’t be changed later.
          </p>
        </div>
      </div>
      <LimitFields {...limits} />
      <NoteField />
      <ActionFailure title="The plan was not added" />
      <SubmitButton pendingLabel="Adding…" leadsTo={['plan']}>
        Add plan
      </SubmitButton>
    </ActionForm>
  );
}

/** Writes the next version of a plan. */
export function ChangePlanForm({
  id,
  base,
  ...limits
}: Limits & { readonly id: string; readonly base: number }) {
  return (
    <ActionForm act={changePlanAction} className="space-y-5">
      <input type="hidden" name={fields.id} value={id} />
      <input type="hidden" name={fields.base} value={base} />
      <LimitFields {...limits} />
      <NoteField />
      <ActionFailure title="The plan was not changed" />
      <SubmitButton pendingLabel="Saving…" leadsTo={['plan']}>
        Save as a new version
      </SubmitButton>
    </ActionForm>
  );
}

/** Retires a plan. */
export function RetirePlanForm({ id }: { readonly id: string }) {
  return (
    <ActionForm act={retirePlanAction} className="space-y-3">
      <input type="hidden" name={fields.id} value={id} />
      <ActionFailure title="The plan was not retired" />
      <SubmitButton variant="plain" pendingLabel="Retiring…" leadsTo={['plan']}>
        Retire plan
      </SubmitButton>
    </ActionForm>
  );
}

const NoteField = () => (
  <label className="block max-w-3xl text-xs text-muted">
    Note
    <input name={fields.note} maxLength={500} autoComplete="off" className="field mt-1 block w-full" />
  </label>
);
