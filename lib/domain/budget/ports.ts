import type { AuditEvent } from '../audit/ports';
import type { Month } from '../month';

/** What was measured of a day in UTC. */
export interface SpendDay {
  readonly day: string;
  readonly usd: number;
  /** How long nobody looked, s: what ran and ended then is missing. */
  readonly unseenSeconds: number;
}

/** Where the measuring of a tenant stands. */
export interface SpendStanding {
  /** Null: nothing was measured yet. */
  readonly measuredUntil: Date | null;
  /** USD an hour then. */
  readonly runRate: number | null;
  /** What ran then and has no price in the list; empty: all of it has one. */
  readonly unpriced: readonly string[];
  /** The month of `usd`; null: nothing was measured yet. */
  readonly month: Month | null;
  /** USD measured in that month. */
  readonly usd: number;
  /** Since when measuring fails; null: it does not. */
  readonly failingSince: Date | null;
  readonly failure: string | null;
}

/** What was measured from `since`, null for the first time, until `until`. */
export interface Measurement {
  readonly since: Date | null;
  readonly until: Date;
  readonly runRate: number;
  readonly unpriced: readonly string[];
  readonly days: readonly SpendDay[];
}

/** The shares of a budget at which owners are told. */
export const budgetPercents = [80, 100] as const;
export type BudgetPercent = (typeof budgetPercents)[number];

/** A share of the budget that was reached in a month. */
export interface BudgetNotice {
  readonly month: Month;
  readonly percent: BudgetPercent;
  readonly budgetUsd: number;
  readonly spentUsd: number;
  /** Whether the brake was on from then on. */
  readonly brakes: boolean;
  readonly reachedAt: Date;
}

/** What Annex measures of the tenant’s costs. */
export interface TenantSpend {
  /** Null: nobody has looked yet. */
  standing(): Promise<SpendStanding | null>;
  /** The days of the month that were measured, in their order. */
  days(month: Month): Promise<readonly SpendDay[]>;
  /** Adds a measurement. False: another one was added since `since`; nothing was. */
  add(measurement: Measurement): Promise<boolean>;
  /** Keeps why and since when there is no measurement. */
  fail(reason: string, at: Date): Promise<void>;
  /** The notices of the month, the lowest share first. */
  notices(month: Month): Promise<readonly BudgetNotice[]>;
  /** Keeps a notice with its event, once for each share and month. False: it was there. */
  reach(notice: BudgetNotice, event: AuditEvent): Promise<boolean>;
}

/** A notice that owners have not got yet. */
export interface UnmailedNotice extends BudgetNotice {
  readonly tenantId: string;
  readonly tenantName: string;
}

/** What is measured of every tenant, for the worker. */
export interface SpendBook {
  /** As `TenantSpend.standing`. */
  standing(tenantId: string): Promise<SpendStanding | null>;
  /** Claims at most `limit` tenants with an account that are due at `now`, the longest waiting first; they are due again at `nextAt`. */
  claim(now: Date, nextAt: Date, limit: number): Promise<readonly string[]>;
  /** Notices to be mailed, the oldest first. */
  unmailed(limit: number): Promise<readonly UnmailedNotice[]>;
  /** Says that the notice was mailed, with the event in the tenant’s audit. */
  mailed(notice: UnmailedNotice, at: Date, event: AuditEvent): Promise<void>;
}
