import type { FeatureKey } from '../churn/features';
import type { RiskBand } from './risk-bands';

/**
 * The features of churn interface version 1, computed from what happened before the tenant's `as_of`. Days, orders, currency,
 * tickets.
 */
export type ChurnFeatures = Readonly<Record<FeatureKey, number>>;

export const scoreSources = ['default', 'model'] as const;

/** A churn score and where it came from. */
export interface ChurnScore {
  /** Probability in [0, 1] of no order in the 90 days that begin with `as_of`. */
  readonly probability: number;
  readonly source: (typeof scoreSources)[number];
  /** The version of the model or of the default's fit. */
  readonly version: string;
  readonly scoredAt: Date;
}

export interface Customer {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly features: ChurnFeatures | null;
  readonly score: ChurnScore | null;
}

export const customerSorts = ['risk', 'recency', 'days', 'value', 'spend', 'orders', 'id'] as const;
export type CustomerSort = (typeof customerSorts)[number];

export const sortDirections = ['asc', 'desc'] as const;
export type SortDirection = (typeof sortDirections)[number];

export interface CustomerQuery {
  readonly sort: CustomerSort;
  readonly direction: SortDirection;
  readonly band?: RiskBand | undefined;
  /** Prefix of an id; otherwise words that each begin the id, a word of the name, or the e-mail address. Case-insensitive. */
  readonly search?: string | undefined;
  /** The `next` or `previous` of another page; opaque. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface CustomerPage {
  readonly customers: readonly Customer[];
  /**
   * Rank of the first customer, from 1, among `total`. Null when unknown: with a search, or when the list has changed since the page
   * that leads here was read.
   */
  readonly place: { readonly first: number; readonly total: number } | null;
  readonly next: string | null;
  readonly previous: string | null;
}

/** Stored counts, which cost the same for a thousand customers as for a million. */
export interface CustomerOverview {
  readonly customers: number;
  readonly orders: number;
  /** Null until something is imported. */
  readonly asOf: Date | null;
  readonly firstOrderAt: Date | null;
  readonly lastOrderAt: Date | null;
  readonly importedAt: Date | null;
  /** Scored customers by tenth of probability: [0, 0.1), … [0.9, 1]. */
  readonly histogram: readonly number[];
  readonly bands: Readonly<Record<RiskBand, number>>;
  readonly scoring:
    | { readonly state: 'none' }
    /** The orders changed after the last fit or were never fitted; a refit will follow. */
    | { readonly state: 'stale'; readonly since: Date }
    | { readonly state: 'unfitted'; readonly reason: string; readonly at: Date }
    | {
        readonly state: 'scored';
        readonly scoredAt: Date;
        readonly version: string;
        /** Typical standard error of a score, as a probability; null for a model that doesn’t tell. */
        readonly uncertainty: number | null;
      };
  /**
   * The source of the shown scores. `fallback`: the default, because the tenant's model fails. `reason` may quote the model; it
   * is null when unknown or when the reader may not see it.
   */
  readonly source:
    | { readonly kind: 'default' }
    | { readonly kind: 'model'; readonly version: string }
    | { readonly kind: 'fallback'; readonly reason: string | null; readonly since: Date };
}

export interface Order {
  readonly orderedAt: Date;
  readonly quantity: number;
  readonly amount: number;
}

/** Read access to the tenant's customers. */
export interface CustomerStore {
  overview(): Promise<CustomerOverview>;
  list(query: CustomerQuery): Promise<CustomerPage>;
  get(customerId: string): Promise<Customer | null>;
  /** Newest first, at most `limit`; `before` is the `next` of the preceding page. */
  orders(
    customerId: string,
    page: { readonly limit: number; readonly before?: string | undefined },
  ): Promise<{ readonly orders: readonly Order[]; readonly next: string | null }>;
  /** Every customer that `query` selects, in its order, streamed in bounded memory. */
  export(query: Omit<CustomerQuery, 'cursor' | 'limit'>): AsyncIterable<Customer>;
}

export interface ImportSummary {
  /** Orders in the file. */
  readonly orders: number;
  readonly customers: number;
  /** Orders that were not stored before. */
  readonly newOrders: number;
  readonly newCustomers: number;
  readonly asOf: Date;
}

/** How the dates of an order file are to be read. */
export interface OrderDates {
  /** As in `strftime`, with %Y, %m or %b, %d, and %H or %I, %M, %S, %p. Absent: ISO 8601. */
  readonly format?: string | undefined;
  /** IANA name of the zone of times without an offset. Absent: UTC. */
  readonly timeZone?: string | undefined;
  /** Accept dates after today. Absent: refuse them. */
  readonly allowFuture?: boolean | undefined;
}

/** Imports order history. */
export interface OrderImporter {
  /**
   * Imports CSV `customer_id,ordered_at,quantity,amount`, all or nothing. Orders already stored are not duplicated. A negative
   * amount is a refund. Throws `invalid` that names the line at fault.
   */
  import(csv: AsyncIterable<Uint8Array>, dates?: OrderDates): Promise<ImportSummary>;
}
