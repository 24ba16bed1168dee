import type { Person } from '../actor';
import type { AuditEvent } from '../audit/ports';

/** What onboarding does for a tenant, in its order. `workbench` only if it was asked for. */
export const onboardingSteps = ['tenant', 'role', 'policy', 'owner', 'workbench'] as const;
export type OnboardingStepName = (typeof onboardingSteps)[number];

export const onboardingStepStates = ['pending', 'running', 'done', 'failed'] as const;
export const onboardingStates = ['running', 'failed', 'done', 'undoing', 'undone'] as const;

export interface OnboardingStep {
  readonly name: OnboardingStepName;
  readonly state: (typeof onboardingStepStates)[number];
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it failed. */
  readonly reason: string | null;
}

/** How a tenant is, or was, set up. */
export interface Onboarding {
  readonly tenantId: string;
  readonly ownerEmail: string;
  /** The Cognito `sub` of the first owner; null until the user exists. There from the start for one who signed up. */
  readonly ownerId: string | null;
  /** The variant of the workbench that is requested, too; null: none. */
  readonly variantId: string | null;
  readonly state: (typeof onboardingStates)[number];
  readonly steps: readonly OnboardingStep[];
  /** Rises with each retry. */
  readonly attempt: number;
  readonly askedBy: Person;
  readonly askedAt: Date;
  readonly updatedAt: Date;
  /** Rises by one with each write; writes are conditional on it. */
  readonly revision: number;
}

/** The onboarding of the tenant, for the worker. */
export interface OnboardingRecord {
  load(): Promise<Onboarding | null>;
  /** Replaces it if its stored revision is still `onboarding.revision`. Throws `conflict` when another write came first. */
  update(onboarding: Onboarding): Promise<Onboarding>;
}

/** The onboardings of all tenants. */
export interface Onboardings {
  get(tenantId: string): Promise<Onboarding | null>;
  /**
   * Adds the tenant, its onboarding and the audit event at once. Throws `conflict` with the field for an id that was ever in use, for a name
   * that an open tenant has, and for a plan that is retired; `not_found` for one that does not exist.
   */
  create(
    tenant: { readonly name: string; readonly planId: string },
    onboarding: Onboarding,
    event: AuditEvent,
  ): Promise<void>;
  /** Which of the ids were ever in use, and which of the names, in small letters, an open tenant has. */
  taken(wanted: { readonly ids: readonly string[]; readonly names: readonly string[] }): Promise<{
    readonly ids: ReadonlySet<string>;
    readonly names: ReadonlySet<string>;
  }>;
  /** As `OnboardingRecord.update`, with the audit event. */
  update(onboarding: Onboarding, event: AuditEvent): Promise<Onboarding>;
  /** Those that are not over, longest unchanged first. */
  open(page: { readonly after?: string | undefined; readonly limit: number }): Promise<{
    readonly onboardings: readonly { readonly tenantId: string; readonly updatedAt: Date }[];
    readonly next: string | null;
  }>;
}
