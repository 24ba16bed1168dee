import type { Person } from '../actor';
import type { AuditEvent } from '../audit/ports';

/** The plan of tenants that nobody gave another one. It is never retired. */
export const defaultPlan = 'standard';

/** What happens when a month has cost the plan's whole budget: owners are only warned, or what costs money stops. */
export const budgetBrakes = ['warn', 'stop'] as const;
export type BudgetBrake = (typeof budgetBrakes)[number];

/** The limits that are numbers, in the order of pages. */
export const countedLimits = [
  'people',
  'extractsPerDay',
  'runsAtOnce',
  'endpoints',
  'monthlyBudgetUsd',
] as const;
export type CountedLimit = (typeof countedLimits)[number];

/** What a tenant may use. Null: no limit. */
export interface PlanLimits {
  /** Service Catalog product ids of the workbenches that may be requested. */
  readonly variants: readonly string[] | null;
  /** Users of the tenant, those who were invited included. */
  readonly people: number | null;
  /** Extracts that may be submitted in a day in UTC. */
  readonly extractsPerDay: number | null;
  /** Job runs of extracts at a time; the deployment has a bound of its own. */
  readonly runsAtOnce: number | null;
  /** Endpoints that are there and have a registered version. */
  readonly endpoints: number | null;
  /** Whole US dollars. */
  readonly monthlyBudgetUsd: number | null;
  readonly budgetBrake: BudgetBrake;
}

/** A plan. Its limits are versions. */
export interface Plan {
  /** A slug, given once. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  /** Since when no tenant is given it; null: it can be given. */
  readonly retiredAt: Date | null;
}

/** The limits of a plan as an administrator wrote them; they never change. The newest version is in force. */
export interface PlanVersion {
  readonly planId: string;
  /** From 1. */
  readonly version: number;
  readonly limits: PlanLimits;
  readonly note: string | null;
  readonly createdAt: Date;
  /** The author's name. */
  readonly createdBy: string;
}

/** What holds for a tenant now. */
export interface PlanInForce {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly limits: PlanLimits;
}

export interface PlanSummary extends Plan {
  readonly newest: PlanVersion;
  /** Tenants with the plan, without those that are closed or were declined. */
  readonly tenants: number;
}

/** A version to be written. */
export interface NewPlanVersion {
  readonly planId: string;
  readonly limits: PlanLimits;
  readonly note: string | null;
  readonly author: Person;
  /** The newest version that the author has seen. */
  readonly base: number;
}

/** The tenant's own plan, to read. */
export interface TenantPlan {
  current(): Promise<PlanInForce>;
}

/** The plans, and which tenant has which, in the control plane. */
export interface PlanBook {
  /** All plans, retired ones last, by name. */
  list(): Promise<readonly PlanSummary[]>;
  /** Those that can be given, by name, without what takes counting. */
  choices(): Promise<readonly Pick<Plan, 'id' | 'name'>[]>;
  get(id: string): Promise<PlanSummary | null>;
  /** Newest first, at most `limit`. */
  versions(id: string, limit: number): Promise<readonly PlanVersion[]>;
  /** What holds for each of these tenants that exist, by tenant id; in one query. */
  inForce(tenantIds: readonly string[]): Promise<ReadonlyMap<string, PlanInForce>>;
  /** Adds a plan with its first version, and the audit event. Throws `conflict` with the field for an id or a name that is taken. */
  create(
    plan: Pick<Plan, 'id' | 'name'>,
    version: Omit<NewPlanVersion, 'planId' | 'base'>,
    event: AuditEvent,
  ): Promise<void>;
  /**
   * Writes the next version, and the event that `audit` gives for it, in one transaction. Returns its number. Throws `conflict` if there is
   * a newer version than `base` or the plan is retired, `not_found`.
   */
  append(version: NewPlanVersion, audit: (version: number) => AuditEvent): Promise<number>;
  /**
   * Gives the tenant the plan `to` in place of `from`, with the event in the tenant's audit. Throws `conflict` if it has another plan
   * than `from` or `to` is retired, `not_found`.
   */
  assign(
    tenantId: string,
    change: { readonly from: string; readonly to: string },
    event: AuditEvent,
  ): Promise<void>;
  /** Retires a plan that no tenant uses. Throws `conflict` if one does, for the default and for one that is retired; `not_found`. */
  retire(id: string, event: AuditEvent): Promise<void>;
}
