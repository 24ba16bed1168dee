import type { Tone } from '@/components/ui/tones';
import type { OnboardingStepName } from '@/lib/domain/onboarding/ports';
import type { TenantState } from '@/lib/domain/tenants/tenant';

/** A tenant's state in words and colour. */
export const tenantStateWords: Readonly<
  Record<TenantState, { readonly tone: Tone; readonly words: string }>
> = {
  requested: { tone: 'running', words: 'Requested' },
  declined: { tone: 'neutral', words: 'Declined' },
  active: { tone: 'done', words: 'Active' },
  suspended: { tone: 'warning', words: 'Suspended' },
  closing: { tone: 'warning', words: 'Closing' },
  closed: { tone: 'neutral', words: 'Closed' },
};

/** The steps of onboarding, and what each makes. */
export const onboardingWords: Readonly<
  Record<OnboardingStepName, { readonly title: string; readonly purpose: string }>
> = {
  tenant: { title: 'Tenant', purpose: 'The record that everything of the tenant belongs to' },
  role: {
    title: 'Tenant role',
    purpose: 'A session of the role for this tenant alone reaches its own records',
  },
  policy: { title: 'Extract policy', purpose: 'Each dataset has a policy in force' },
  owner: {
    title: 'First owner',
    purpose: 'A user in Amazon Cognito: whoever signed up, or somebody with an invitation by mail',
  },
  workbench: { title: 'Workbench', purpose: 'An AWS account with a baseline and a Studio domain' },
};

/** The page of a tenant. */
export const tenantHref = (id: string, done?: TenantDone): string =>
  `/admin/tenants/${encodeURIComponent(id)}${done === undefined ? '' : `?done=${done}`}`;

/** What was just done to a tenant, as the address says it. */
export const doneWords = {
  suspended: 'Tenant suspended',
  resumed: 'Tenant resumed',
  approved: 'Tenant approved',
  declined: 'Tenant declined',
  assigned: 'Plan changed',
} as const;
export type TenantDone = keyof typeof doneWords;
