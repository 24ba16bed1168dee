import type { PlanInForce } from '../plans/ports';

/** The limits that a use is counted for. What a month costs is told elsewhere. */
export const countedUses = ['people', 'extractsPerDay', 'runsAtOnce', 'endpoints'] as const;
export type CountedUse = (typeof countedUses)[number];

/** A count, or why there is none. */
export type Use = { readonly count: number } | { readonly refusal: string };

/** How much of its plan a tenant uses now: numbers, and nothing of what they count. */
export interface TenantUse {
  readonly uses: Readonly<Record<CountedUse, Use>>;
  /** Service Catalog's id and name of the variant of the workbench that was requested; null: none. */
  readonly variant: { readonly id: string; readonly name: string } | null;
  /** Why the variant is not known. */
  readonly variantRefusal: string | null;
}

/** A tenant's plan beside its use. */
export interface Quotas extends TenantUse {
  readonly plan: PlanInForce;
  /** Names of the workbenches that the plan includes, or ids of those whose names are not known; null: all. */
  readonly variants: readonly string[] | null;
  readonly at: Date;
}

/** What any tenant uses, for administrators: counts alone. */
export interface TenantUses {
  of(tenantId: string, now: Date): Promise<TenantUse>;
}
