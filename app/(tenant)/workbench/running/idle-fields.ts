import { type IdleAppType, idleAppTypes } from '@/lib/domain/running/ports';
import type { setIdleShutdown } from '@/lib/domain/running/verbs/set-idle-shutdown';

/** The types of apps as people know them. */
export const idleTypeWords: Readonly<Record<IdleAppType, string>> = {
  JupyterLab: 'JupyterLab',
  CodeEditor: 'Code Editor',
};

/** Names of the fields of one type of app. */
export const fieldsOf = (type: IdleAppType) => ({ state: `${type}.state`, minutes: `${type}.minutes` });

/** What the form for idle shutdown says: of a type that stays as it is, nothing. */
export function idleFields(form: FormData): Parameters<typeof setIdleShutdown>[1] {
  return Object.fromEntries(
    idleAppTypes.flatMap((type) => {
      const { state: stateField, minutes: minutesField } = fieldsOf(type);
      const state = form.get(stateField);
      if (state !== 'enabled' && state !== 'disabled') return [];
      const text = String(form.get(minutesField) ?? '').replaceAll(/[\s,]/g, '');
      return [[type, { state, minutes: /^\d+$/.test(text) ? Number(text) : null }]];
    }),
  );
}
