import type { FeatureKey } from '../churn/features';
import type { RiskBand } from './risk-bands';

/** The features of the churn interface, version 1, of what came before the tenant's `as_of`. Days, orders, currency, tickets. */
export type ChurnFeatures = Readonly<Record<FeatureKey, number>>;

export const scoreSources = ['default', 'model'] as const;

/** Where a score came from. */
export interface ChurnScore {
  /** Probability in [0, 1] of no order in the 90 days that begin with `as_of`. */
  readonly probability: number;
  readonly source: (typeof scoreSources)[number];
  /** Of the model, or of the default's fit. */
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

export const customerSorts = ['risk', 'recency', 'spend', 'id'] as const;
export type CustomerSort = (typeof customerSorts)[number];

export const sortDirections = ['asc', 'desc'] as const;
export type SortDirection = (typeof sortDirections)[number];

export interface CustomerQuery {
  readonly sort: CustomerSort;
  readonly direction: SortDirection;
  readonly band?: RiskBand | undefined;
  /** Prefix of the id, of a word of the name, or of the e-mail address; any case. */
  readonly search?: string | undefined;
  /** Opaque: the `next` or `previous` of another page. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface CustomerPage {
  readonly customers: readonly Customer[];
  readonly next: string | null;
  readonly previous: string | null;
}

/** Counts that are kept, not counted: they cost the same at a thousand customers and at a million. */
export interface CustomerOverview {
  readonly customers: number;
  readonly orders: number;
  /** Null while nothing is imported. */
  readonly asOf: Date | null;
  readonly firstOrderAt: Date | null;
  readonly lastOrderAt: Date | null;
  readonly importedAt: Date | null;
  /** Scored customers by tenth of probability: [0, 0.1), … [0.9, 1]. */
  readonly histogram: readonly number[];
  readonly bands: Readonly<Record<RiskBand, number>>;
  readonly scoring:
    | { readonly state: 'none' }
    /** Orders changed after the last fit, or were never fitted; a refit is on its way. */
    | { readonly state: 'stale'; readonly since: Date }
    | { readonly state: 'unfitted'; readonly reason: string; readonly at: Date }
    | { readonly state: 'scored'; readonly scoredAt: Date; readonly version: string };
  /**
   * Where the shown scores come from. Fallback: from the default, because the tenant's model fails; `reason` may hold the model's
   * own words, and is null where it is not known or not to be seen.
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

/** The tenant's customers, read. */
export interface CustomerStore {
  overview(): Promise<CustomerOverview>;
  list(query: CustomerQuery): Promise<CustomerPage>;
  get(customerId: string): Promise<Customer | null>;
  /** Newest first, at most `limit`; `before` is the `next` of the page before. */
  orders(
    customerId: string,
    page: { readonly limit: number; readonly before?: string | undefined },
  ): Promise<{ readonly orders: readonly Order[]; readonly next: string | null }>;
  /** Every customer that `query` selects, in its order, streamed; bounded memory. */
  export(query: Omit<CustomerQuery, 'cursor' | 'limit'>): AsyncIterable<Customer>;
}

export interface ImportSummary {
  /** Of the file. */
  readonly orders: number;
  readonly customers: number;
  /** Not there before. */
  readonly newOrders: number;
  readonly newCustomers: number;
  readonly asOf: Date;
}

/** Takes order history in. */
export interface OrderImporter {
  /**
   * Reads CSV `customer_id,ordered_at,quantity,amount`, all of it or nothing. Orders that are there already are
   * not doubled. Throws `invalid` naming the line at fault.
   */
  import(csv: AsyncIterable<Uint8Array>): Promise<ImportSummary>;
}
