import type { Month } from '../month';
import type { SortDirection } from '../sort-direction';
import type { TenantState } from '../tenants/tenant';

/** A line of the bill: what one service cost one account in one month. */
export interface BillLine {
  readonly accountId: string;
  readonly month: Month;
  /** AWS’s name of it, e.g. `Amazon SageMaker`. */
  readonly service: string;
  /** USD as a decimal number; credits and refunds are negative. */
  readonly usd: string;
  /** AWS may still change it. */
  readonly estimated: boolean;
}

/** A page of the bill. */
export interface BillPage {
  readonly lines: readonly BillLine[];
  /** Leads to the next page; undefined after the last one. */
  readonly next: string | undefined;
}

/**
 * The bill of all accounts, by Cost Explorer: unblended cost, which is what AWS charges each account, before Savings Plans and
 * discounts are spread. AWS charges $0.01 for each page and is up to 24 hours late. Throws `throttled`, `dependency_denied`,
 * `dependency_failed`.
 */
export interface BillReader {
  /** The lines from the beginning of `from` to the end of the day `until`: the first page, or the one that `cursor` leads to. */
  page(from: Month, until: Date, cursor?: string): Promise<BillPage>;
  /** The newest of the latest days that has any costs, of all accounts together; null for none. One page. */
  newestDay(until: Date): Promise<string | null>;
}

/** Where the reading of the bill stands. */
export interface BillStanding {
  /** When AWS was last read to the end; null: never. */
  readonly readAt: Date | null;
  /** Until when AWS had costs then; null: it had none, or was never read. */
  readonly asOf: Date | null;
  /** Since when reading fails; null: it does not. */
  readonly failingSince: Date | null;
  readonly failure: string | null;
}

/** What the bill says of a tenant in a month. */
export interface MonthBill {
  readonly month: Month;
  readonly usd: number;
  readonly estimated: boolean;
  /** The most expensive first. */
  readonly services: readonly { readonly service: string; readonly usd: number }[];
}

/** The tenant’s own part of the bill, as it was last read. */
export interface TenantBill {
  standing(): Promise<BillStanding>;
  /** Null for a month without any lines. */
  of(month: Month): Promise<MonthBill | null>;
}

/** What `/admin/costs` is sorted by. */
export const costSorts = ['name', 'bill', 'before', 'rate', 'spent'] as const;
export type CostSort = (typeof costSorts)[number];

export interface CostQuery {
  /** The month that counts as this one; `before` is the one before it. */
  readonly month: Month;
  readonly before: Month;
  /** Begins the name or the id, in any case of letters. */
  readonly search?: string | undefined;
  readonly sort: CostSort;
  readonly direction: SortDirection;
  /** The `next` or `previous` of another page of the same list. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** What a tenant costs, USD; null: not known, or nothing billed. */
export interface TenantCost {
  readonly id: string;
  readonly name: string;
  readonly state: TenantState;
  readonly accountId: string | null;
  readonly bill: number | null;
  readonly before: number | null;
  /** USD an hour when it was measured. */
  readonly rate: number | null;
  /** USD measured in the month. */
  readonly spent: number | null;
  /** The plan’s budget of a month; null: none. */
  readonly budget: number | null;
  readonly measuredAt: Date | null;
  /** Since when it cannot be measured; null: it can. */
  readonly failingSince: Date | null;
}

/** Sums over every tenant that is asked for, not only those of the page; null: nothing is known of any. */
export interface CostTotals {
  readonly tenants: number;
  readonly bill: number | null;
  readonly before: number | null;
  readonly rate: number | null;
  readonly spent: number | null;
}

export interface CostPage {
  readonly costs: readonly TenantCost[];
  readonly totals: CostTotals;
  /** Rank of the first, from 1, among the `total` that are asked for. */
  readonly first: number;
  readonly total: number;
  readonly next: string | null;
  readonly previous: string | null;
}

/** The bill as Annex keeps it, for every tenant. */
export interface BillBook extends Pick<TenantBill, 'standing'> {
  /** Begins a reading unless the next one is not due, or another process has begun it; then `nextAt` is when the next is due. Its id. */
  begin(now: Date, nextAt: Date): Promise<string | null>;
  /** Keeps lines of a reading; those of accounts that are no tenant’s are dropped. Returns how many it kept. */
  add(reading: string, lines: readonly BillLine[]): Promise<number>;
  /** Shows that reading from now on, and deletes others. False: a newer reading has begun. */
  show(
    reading: string,
    shown: { readonly readAt: Date; readonly asOf: Date | null; readonly nextAt: Date },
  ): Promise<boolean>;
  /** Deletes what was kept of a reading that failed at `at`; `nextAtAfter` tells from how many failures in a row when to try again. */
  fail(
    reading: string,
    failure: { readonly reason: string; readonly at: Date; readonly nextAtAfter: (failures: number) => Date },
  ): Promise<void>;
  /** Throws `invalid` for a cursor of another list. */
  list(query: CostQuery): Promise<CostPage>;
  /** What the bill says of a tenant in each of these months. */
  of(tenantId: string, months: readonly Month[]): Promise<readonly MonthBill[]>;
}
