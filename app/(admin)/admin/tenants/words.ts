import type { Tone } from '@/components/ui/tones';
import type { ClosingStepName } from '@/lib/domain/closing/ports';
import type { LinkName } from '@/lib/domain/doctor/ports';
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

/** The steps of closing, and what each does. */
export const closingWords: Readonly<
  Record<ClosingStepName, { readonly title: string; readonly purpose: string }>
> = {
  notice: { title: 'Owners told', purpose: 'A mail to each owner, with the address of the export' },
  pause: {
    title: 'Work stopped',
    purpose: 'Apps and queued work stop; a workbench that is being made is awaited',
  },
  grace: { title: 'Days of grace', purpose: 'Everything is kept, and owners can export it' },
  count: { title: 'Inventory', purpose: 'What there is, for the certificate' },
  people: { title: 'Users', purpose: 'Users in Amazon Cognito are disabled and removed' },
  endpoints: { title: 'Endpoints', purpose: 'SageMaker endpoints of the account' },
  studio: { title: 'Studio', purpose: 'Apps, spaces and user profiles' },
  bucket: { title: 'Bucket', purpose: 'Extracts, trained models and captured requests' },
  baseline: { title: 'Baseline', purpose: 'Studio domain, bucket and role, with their stack instance' },
  rows: { title: 'Rows', purpose: 'Customers, orders, scores, models and requests' },
  account: { title: 'AWS account', purpose: 'Removed from Service Catalog and closed; nobody gets it again' },
};

/** The page of a tenant. */
export const tenantHref = (id: string, done?: TenantDone): string =>
  `/admin/tenants/${encodeURIComponent(id)}${done === undefined ? '' : `?done=${done}`}`;

/** The doctor's page of a tenant, at a link that was just looked at again. */
export const doctorHref = (id: string, link: LinkName | null = null): string =>
  `${tenantHref(id)}/doctor${link === null ? '' : `?link=${link}`}`;

/** What was just done to a tenant, as the address says it. */
export const doneWords = {
  suspended: 'Tenant suspended',
  resumed: 'Tenant resumed',
  approved: 'Tenant approved',
  declined: 'Tenant declined',
  closing: 'Closing has begun',
  kept: 'The tenant is kept, and suspended',
  deleting: 'Deletion has begun',
  assigned: 'Plan changed',
} as const;
export type TenantDone = keyof typeof doneWords;
