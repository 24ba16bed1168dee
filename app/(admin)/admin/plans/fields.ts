import { limitWords } from '@/lib/domain/plans/limits';
import {
  type BudgetBrake,
  type CountedLimit,
  countedLimits,
  type PlanLimits,
} from '@/lib/domain/plans/ports';
import { AnnexError, isAnnexError } from '@/lib/errors';

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

export const textIn = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

/** Null: nothing was entered. */
function numberIn(form: FormData, name: string): number | null {
  const text = textIn(form, name);
  return text === '' ? null : Number(text);
}

/** Does `work`. What it refuses is said with the labels of the form. */
export async function inLabels<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAnnexError(error, 'invalid') || Object.keys(error.fields).length === 0) throw error;
    const said = Object.entries(error.fields).map(([path, text]) => `${labels[path] ?? path}: ${text}`);
    throw new AnnexError('invalid', `${said.join(' ')} Nothing was changed.`, { fields: error.fields });
  }
}
