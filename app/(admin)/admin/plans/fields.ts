import { limitWords } from '@/lib/domain/plans/limits';
import {
  type BudgetBrake,
  type CountedLimit,
  countedLimits,
  type PlanLimits,
} from '@/lib/domain/plans/ports';
import { textIn } from '../../../_components/form-fields';

/** The names of the form's fields; the counted limits have their own. */
export const fields = {
  id: 'id',
  name: 'name',
  /** The newest version that the form was made from. */
  base: 'base',
  /** `all`, or `some`: those that are ticked. */
  which: 'which',
  variant: 'variant',
  brake: 'budgetBrake',
  note: 'note',
} as const;

/** The labels of the form's fields, by the paths that errors name. */
const labels: Readonly<Record<string, string>> = {
  id: 'Id',
  name: 'Name',
  note: 'Note',
  'limits.variants': 'Workbenches',
  'limits.budgetBrake': 'When the budget is used up',
  ...Object.fromEntries(countedLimits.map((limit) => [`limits.${limit}`, limitWords[limit].name])),
};

/** Reads the limits of a form. The verbs validate them. */
export function readLimits(form: FormData): PlanLimits {
  const counted = countedLimits.map((limit) => [limit, numberIn(form, limit)] as const);
  return {
    ...(Object.fromEntries(counted) as Record<CountedLimit, number | null>),
    variants: form.get(fields.which) === 'some' ? form.getAll(fields.variant).map(String) : null,
    budgetBrake: textIn(form, fields.brake) as BudgetBrake,
  };
}

/** Null: nothing was entered. */
function numberIn(form: FormData, name: string): number | null {
  const text = textIn(form, name);
  return text === '' ? null : Number(text);
}

/** The label of the field with that path. */
export const labelOf = (path: string): string => labels[path] ?? path;
