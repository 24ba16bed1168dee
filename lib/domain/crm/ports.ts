import type { AuditEvent } from '../audit/ports';
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

export interface OrderPage {
  readonly orders: readonly Order[];
  /** Rank of the first order, from 1, among `total`. Null where it was not asked for, or there are too many to count. */
  readonly place: { readonly first: number; readonly total: number } | null;
  readonly next: string | null;
  readonly previous: string | null;
}

/** Read access to the tenant's customers. */
export interface CustomerStore {
  overview(): Promise<CustomerOverview>;
  list(query: CustomerQuery): Promise<CustomerPage>;
  get(customerId: string): Promise<Customer | null>;
  /** Newest first, at most `limit`; `cursor` is the `next` or `previous` of another page. */
  orders(
    customerId: string,
    page: { readonly limit: number; readonly cursor?: string | undefined; readonly placed?: boolean },
  ): Promise<OrderPage>;
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
  /** Orders in the file with a negative amount. */
  readonly refunds: number;
  /** Of all orders that are stored now. */
  readonly firstOrderAt: Date;
  readonly lastOrderAt: Date;
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

/** Longest order file that a browser may send, bytes. */
export const longestOrderFile = 500_000_000;

/** Bytes at the beginning of an order file from which its reading is proposed. */
export const orderHeadBytes = 64 * 1024;

export const orderSeparators = [',', ';', '\t'] as const;
export const decimalMarks = ['.', ','] as const;

/** What an order file calls its columns, in its first line, and how it separates values. Other columns are left out. */
export interface OrderLayout {
  readonly customerId: string;
  readonly orderedAt: string;
  /** Null: the file does not tell, and each order counts as one item. */
  readonly quantity: string | null;
  readonly amount: string;
  readonly separator: (typeof orderSeparators)[number];
  /** Between the whole part and the decimals of an amount. */
  readonly decimal: (typeof decimalMarks)[number];
}

/** How an order file is to be read. */
export interface OrderReading extends OrderDates {
  /** Absent: the columns are `customer_id,ordered_at,quantity,amount`, with a point in amounts. */
  readonly layout?: OrderLayout | undefined;
}

/** An order of a file as it was read. */
export interface ReadOrder extends Order {
  readonly customerId: string;
}

/** Imports order history. */
export interface OrderImporter {
  /**
   * Imports a CSV file, all or nothing. Orders already stored are not duplicated. A negative amount is a refund. Throws `invalid`
   * that names the line at fault.
   */
  import(
    csv: AsyncIterable<Uint8Array>,
    reading?: OrderReading,
    recorded?: RecordedImport,
  ): Promise<ImportSummary>;
  /** The first orders of a CSV file, at most `limit`, as `import` would read them; stores nothing. Throws as `import`. */
  preview(
    csv: AsyncIterable<Uint8Array>,
    reading: OrderReading,
    limit: number,
  ): Promise<readonly ReadOrder[]>;
}

/** An import that `OrderImports` knows. */
export interface RecordedImport {
  /** The import and its result are stored together. Throws `conflict` if another import has begun since. */
  readonly id: string;
  /** The file was read to its end; its orders are stored next. */
  readonly onRead: () => void;
  /** What is recorded in the audit with the orders: all of it is stored, or nothing. */
  readonly audit: (summary: ImportSummary) => AuditEvent;
}

/** How a file could be read, from its first lines. Null: somebody has to choose. */
export interface ReadingProposal {
  readonly columns: readonly string[];
  readonly customerId: string | null;
  readonly orderedAt: string | null;
  readonly quantity: string | null;
  readonly amount: string | null;
  readonly separator: OrderLayout['separator'];
  readonly decimal: OrderLayout['decimal'];
  /** Empty: ISO 8601. Null: the dates have several readings, or none that Annex knows. */
  readonly format: string | null;
}

/** `interrupted`: the file did not arrive whole, or the process that imported it ended. */
export const importStates = ['reading', 'storing', 'done', 'refused', 'interrupted', 'failed'] as const;

/** The tenant's last import. */
export interface OrderImport {
  readonly id: string;
  readonly state: (typeof importStates)[number];
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly fileName: string | null;
  /** Null: unknown. */
  readonly fileBytes: number | null;
  readonly readBytes: number;
  readonly readLines: number;
  readonly reading: OrderReading;
  readonly proposal: ReadingProposal | null;
  /** Why it was refused or failed. */
  readonly reason: string | null;
  readonly result: Omit<ImportSummary, 'asOf'> | null;
}

/** Records of the tenant's imports, of which the last is kept. */
export interface OrderImports {
  latest(): Promise<OrderImport | null>;
  /** Throws `conflict` while another import is under way. */
  begin(started: Pick<OrderImport, 'id' | 'startedBy' | 'fileName' | 'fileBytes' | 'reading'>): Promise<void>;
  /** Says how far the import is. One that does not say so for a while counts as interrupted. */
  progress(
    id: string,
    at: Pick<OrderImport, 'readBytes' | 'readLines'> & { readonly state: 'reading' | 'storing' },
  ): Promise<void>;
  /** Nothing of the file was stored. */
  end(
    id: string,
    outcome: Pick<OrderImport, 'reason' | 'proposal'> & {
      readonly state: 'refused' | 'interrupted' | 'failed';
    },
  ): Promise<void>;
}
