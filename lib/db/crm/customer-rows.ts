import type { Customer } from '@/lib/domain/crm/ports';
import { Prisma } from '../generated/client';

/** Runs a query and returns its rows: by Prisma's transaction for a page, by a plain connection for an export. */
export type RunQuery = <R>(query: Prisma.Sql) => Promise<readonly R[]>;

/** A customer with its place in the list. */
export interface CustomerRow {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly recency_days: number | null;
  readonly frequency: number | null;
  readonly monetary_mean: number | null;
  readonly tenure_days: number | null;
  readonly orders_90d: number | null;
  readonly spend_90d: number | null;
  readonly gap_mean_days: number | null;
  readonly tickets_90d: number | null;
  readonly probability: number | null;
  readonly source: string | null;
  readonly version: string | null;
  readonly scored_at: Date | null;
  /** Null in the part of a list that has no key: it is ordered by id alone. */
  readonly sort_key: number | null;
}

/** Columns of `CustomerRow` but the key, from `c` (customer) and `s` (the shown scores). */
export const customerColumns = Prisma.raw(
  `c.id, c.name, c.email, s.recency_days, s.frequency, s.monetary_mean, s.tenure_days, s.orders_90d, s.spend_90d,
   s.gap_mean_days, s.tickets_90d, s.probability, s.source, s.version, s.scored_at`,
);

/** The customer as the domain knows it. */
export function toCustomer(row: CustomerRow): Customer {
  return { id: row.id, name: row.name, email: row.email, features: featuresOf(row), score: scoreOf(row) };
}

function featuresOf(row: CustomerRow): Customer['features'] {
  if (row.recency_days === null) return null;
  return {
    recencyDays: row.recency_days,
    frequency: row.frequency ?? 0,
    monetaryMean: row.monetary_mean ?? 0,
    tenureDays: row.tenure_days ?? 0,
    orders90d: row.orders_90d ?? 0,
    spend90d: row.spend_90d ?? 0,
    gapMeanDays: row.gap_mean_days ?? 0,
    tickets90d: row.tickets_90d ?? 0,
  };
}

function scoreOf({ probability, source, version, scored_at }: CustomerRow): Customer['score'] {
  if (probability === null || version === null || scored_at === null) return null;
  return { probability, source: source === 'model' ? 'model' : 'default', version, scoredAt: scored_at };
}
