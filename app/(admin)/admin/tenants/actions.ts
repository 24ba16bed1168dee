'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { onboardTenant } from '@/lib/domain/onboarding/verbs/onboard-tenant';
import { retryOnboarding } from '@/lib/domain/onboarding/verbs/retry-onboarding';
import { undoOnboarding } from '@/lib/domain/onboarding/verbs/undo-onboarding';
import { assignPlan } from '@/lib/domain/plans/verbs/assign-plan';
import { approveTenant } from '@/lib/domain/signup/verbs/approve-tenant';
import { declineTenant } from '@/lib/domain/signup/verbs/decline-tenant';
import { resumeTenant } from '@/lib/domain/tenants/verbs/resume-tenant';
import { suspendTenant } from '@/lib/domain/tenants/verbs/suspend-tenant';
import { action } from '@/lib/server/action';
import { type TenantDone, tenantHref } from './words';

/** Adds a tenant and begins to set it up. */
export const onboardTenantAction = action(
  { action: onboardTenant.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const { tenantId } = await onboardTenant(context, {
      name: textOf(form, 'name'),
      tenantId: textOf(form, 'tenantId'),
      ownerEmail: textOf(form, 'ownerEmail'),
      variantId: textOf(form, 'variantId'),
      planId: textOf(form, 'planId') || undefined,
    });
    return show(tenantId);
  },
);

/** Tries the failed step of an onboarding again. */
export const retryOnboardingAction = action(
  { action: retryOnboarding.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const tenantId = textOf(form, 'tenantId');
    await retryOnboarding(context, { tenantId, attempt: Number(form.get('attempt')) });
    return show(tenantId);
  },
);

/** Takes a failed onboarding back. */
export const undoOnboardingAction = action(
  { action: undoOnboarding.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const tenantId = textOf(form, 'tenantId');
    await undoOnboarding(context, { tenantId });
    return show(tenantId);
  },
);

/** Admits a tenant that signed up. */
export const approveTenantAction = action(
  { action: approveTenant.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const tenantId = textOf(form, 'tenantId');
    await approveTenant(context, { tenantId, planId: textOf(form, 'planId') || undefined });
    return show(tenantId, 'approved');
  },
);

/** Declines a tenant that signed up. */
export const declineTenantAction = action(
  { action: declineTenant.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const tenantId = textOf(form, 'tenantId');
    await declineTenant(context, { tenantId, reason: textOf(form, 'reason') });
    return show(tenantId, 'declined');
  },
);

/** Gives a tenant another plan. */
export const assignPlanAction = action(
  { action: assignPlan.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const tenantId = textOf(form, 'tenantId');
    await assignPlan(context, { tenantId, from: textOf(form, 'from'), to: textOf(form, 'planId') });
    return show(tenantId, 'assigned');
  },
);

/** Suspends a tenant. */
export const suspendTenantAction = action(
  { action: suspendTenant.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const tenantId = textOf(form, 'tenantId');
    await suspendTenant(context, { tenantId, reason: textOf(form, 'reason') });
    return show(tenantId, 'suspended');
  },
);

/** Lets a suspended tenant's people in again. */
export const resumeTenantAction = action(
  { action: resumeTenant.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const tenantId = textOf(form, 'tenantId');
    await resumeTenant(context, { tenantId });
    return show(tenantId, 'resumed');
  },
);

const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '');

function show(tenantId: string, done?: TenantDone): never {
  revalidatePath('/admin/tenants');
  redirect(tenantHref(tenantId, done));
}
