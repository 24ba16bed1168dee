'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { changePlan } from '@/lib/domain/plans/verbs/change-plan';
import { createPlan } from '@/lib/domain/plans/verbs/create-plan';
import { retirePlan } from '@/lib/domain/plans/verbs/retire-plan';
import { action } from '@/lib/server/action';
import { inLabels, textIn } from '../../../_components/form-fields';
import { fields, labelOf, readLimits } from './fields';
import { plansPage } from './page-info';
import { planHref } from './words';

/** Adds a plan, and shows it. */
export const createPlanAction = action(
  { action: createPlan.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const [id, name, note] = [textIn(form, fields.id), textIn(form, fields.name), textIn(form, fields.note)];
    await inLabels(labelOf, () => createPlan(context, { id, name, note, limits: readLimits(form) }));
    return show(id, '1');
  },
);

/** Writes the next version of a plan, and shows the plan with it. */
export const changePlanAction = action(
  { action: changePlan.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const id = textIn(form, fields.id);
    const base = Number(textIn(form, fields.base) || Number.NaN);
    const change = { id, base, note: textIn(form, fields.note), limits: readLimits(form) };
    return show(id, String(await inLabels(labelOf, () => changePlan(context, change))));
  },
);

/** Retires a plan that no tenant has. */
export const retirePlanAction = action(
  { action: retirePlan.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const id = textIn(form, fields.id);
    await retirePlan(context, { id });
    return show(id, 'retired');
  },
);

function show(id: string, saved: string): never {
  revalidatePath(plansPage.path);
  redirect(planHref(id, saved));
}
