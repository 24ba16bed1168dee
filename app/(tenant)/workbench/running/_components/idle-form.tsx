'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { type IdleAppType, type IdleSettings, idleAppTypes, idleLimits } from '@/lib/domain/running/ports';
import { setIdleShutdownAction } from '../actions';
import { fieldsOf, idleTypeWords } from '../idle-fields';

/** Changes idle shutdown of each type of app. */
export function IdleForm({ settings }: { readonly settings: IdleSettings }) {
  return (
    <ActionForm
      act={setIdleShutdownAction}
      className="max-w-2xl space-y-4 border border-line bg-plate px-5 py-4"
    >
      {idleAppTypes.map((type) => (
        <TypeFields key={type} type={type} settings={settings} />
      ))}
      <ActionFailure title="Idle shutdown was not changed" />
      <SubmitButton variant="plain" pendingLabel="Saving…" leadsTo={['running']}>
        Save idle shutdown
      </SubmitButton>
    </ActionForm>
  );
}

function TypeFields({ type, settings }: { readonly type: IdleAppType; readonly settings: IdleSettings }) {
  const fields = fieldsOf(type);
  const setting = settings[type];
  const choices = [
    ...(setting === null ? [{ value: '', label: 'Leave as it is: not set' }] : []),
    { value: 'enabled', label: 'Stop apps that are idle' },
    { value: 'disabled', label: 'Never stop them' },
  ];
  return (
    <fieldset className="space-y-2">
      <legend className="font-medium">{idleTypeWords[type]}</legend>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        {choices.map(({ value, label }) => (
          <label key={value} className="flex items-center gap-2 text-sm">
            <input
              type="radio"
              name={fields.state}
              value={value}
              defaultChecked={(setting?.state ?? '') === value}
            />
            {label}
          </label>
        ))}
      </div>
      <label className="block text-sm">
        Minutes without use
        <span className="block text-xs text-muted">From 60 to 525,600 (a year)</span>
        <input
          type="number"
          name={fields.minutes}
          min={idleLimits.least}
          max={idleLimits.most}
          step={1}
          defaultValue={setting?.minutes ?? ''}
          className="field mt-1 block w-40"
        />
      </label>
    </fieldset>
  );
}
