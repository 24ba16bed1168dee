import { featureRecord } from '@/lib/domain/churn/feature-rows';
import type { FeatureName } from '@/lib/domain/churn/features';
import { type Customer, scoreSources } from '@/lib/domain/crm/ports';
import { featureColumns } from '../churn/feature-columns';
import { Prisma } from '../generated/client';

/** A customer and its place in the list. Features are null when none are stored. */
export interface CustomerRow extends Readonly<Record<FeatureName, number | null>> {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly probability: number | null;
  readonly source: string | null;
  readonly version: string | null;
  readonly scored_at: Date | null;
  /** Null in the segment without the sort key, which is ordered only by id. */
  readonly sort_key: number | null;
}

/** Columns of `CustomerRow` except the key, from `c` (customer) and `s` (the shown scores). */
export const customerColumns = Prisma.raw(
  `c.id, c.name, c.email, ${featureColumns('s')}, s.probability, s.source, s.version, s.scored_at`,
);

/** Converts a row to the domain's customer. */
export function toCustomer(row: CustomerRow): Customer {
  return { id: row.id, name: row.name, email: row.email, features: featuresOf(row), score: scoreOf(row) };
}

function featuresOf(row: CustomerRow): Customer['features'] {
  if (row.recency_days === null) return null;
  return featureRecord(({ name }) => row[name] ?? 0);
}

function scoreOf({ probability, source, version, scored_at }: CustomerRow): Customer['score'] {
  if (probability === null || version === null || scored_at === null) return null;
  return {
    probability,
    source: scoreSources.find((each) => each === source) ?? 'default',
    version,
    scoredAt: scored_at,
  };
}
