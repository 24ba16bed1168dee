import { bandNumbers } from '@/lib/db/churn/band-numbers';
import { featureColumns } from '@/lib/db/churn/feature-columns';
import { closeDatabase, openDatabase } from '@/lib/db/core/client';
import { withControl } from '@/lib/db/core/control-scope';
import { churnFeatures, type FeatureKey } from '@/lib/domain/churn/features';
import { connected } from '@/local/postgres/connected';
import { startTestPostgres, type TestDatabase } from './postgres';
import { copyOfTemplate } from './shared-postgres';

/**
 * A new migrated database. It is on the server that all test files of a run share, or, outside such a run, on its own
 * server. Roles, settings and processes belong to the server: tests that change or inspect those start their own with
 * `startTestPostgres`.
 */
export const createTestDatabase = async (): Promise<TestDatabase> =>
  (await copyOfTemplate()) ?? (await startTestPostgres());

/**
 * A database with the given tenants, opened with the product's role. With `options` it gets its own server. `stop`
 * closes and removes it.
 */
export async function startTestDatabase(
  tenantIds: readonly string[],
  options?: Parameters<typeof startTestPostgres>[0],
): Promise<TestDatabase> {
  const database = options ? await startTestPostgres(options) : await createTestDatabase();
  const stop = async () => {
    await closeDatabase();
    await database.stop();
  };
  try {
    await openDatabase(database.portalUrl);
    await withControl((tx) =>
      tx.tenant.createMany({ data: tenantIds.map((id) => ({ id, name: id.toUpperCase() })) }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...database, stop };
}

/** `text` as an order file that arrives in chunks of `pieceBytes`. */
export async function* bytesOf(
  text: string | Uint8Array,
  pieceBytes = 64 * 1024,
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** SQL of the features in the order of `featureColumns`. Missing ones are 0. */
export const featureExpressions = (given: Partial<Record<FeatureKey, string>>): string =>
  churnFeatures.map(({ key }) => given[key] ?? '0').join(', ');

/** SQL over the customer's number `n`. */
const someFeatures = featureExpressions({
  recencyDays: '(n * 7919) % 700',
  frequency: '1 + n % 5',
  monetaryMean: '5 + (n % 4000) / 97.0',
  tenureDays: '720',
  orders90d: 'n % 3',
  spend90d: '(n % 900) / 7.0',
  gapMeanDays: '(n % 31) / 3.0',
  tickets90d: 'n % 2',
});

/** Gives `tenant` customers from `c00000001` on with features and default scores, as a refit does. */
export async function fillWithScores(adminUrl: string, tenant: string, count: number): Promise<void> {
  await connected(adminUrl, async (admin) => {
    await admin.query(
      `INSERT INTO crm.customer (tenant_id, id) SELECT $1, 'c' || lpad(n::text, 8, '0') FROM generate_series(1, $2::int) n`,
      [tenant, count],
    );
    await admin.query(
      `INSERT INTO crm.customer_score (tenant_id, customer_id, ${featureColumns()}, probability, source, version, scored_at)
       SELECT $1, 'c' || lpad(n::text, 8, '0'), ${someFeatures}, ((n * 7919) % 700) / 700.0, 'default', 'bgnbd-1', now()
       FROM generate_series(1, $2::int) n`,
      [tenant, count],
    );
    await admin.query(
      `INSERT INTO crm.history (tenant_id, revision, revised_at, as_of, scored_revision, scored_at, score_version, customers, featured,
         band_low, band_medium, band_high)
       SELECT $1, 1, now(), '2025-01-01Z', 1, now(), 'bgnbd-1', count(*), count(*), count(*) FILTER (WHERE band = ${bandNumbers.low}),
         count(*) FILTER (WHERE band = ${bandNumbers.medium}), count(*) FILTER (WHERE band = ${bandNumbers.high})
       FROM crm.customer_score WHERE tenant_id = $1`,
      [tenant],
    );
    await admin.query('VACUUM ANALYZE crm.customer, crm.customer_score');
  });
}

/** Ends all of the product's connections to this database, like a failover. */
export async function dropConnections({ adminUrl }: TestDatabase): Promise<void> {
  await connected(adminUrl, (admin) =>
    admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'annex%' AND pid <> pg_backend_pid()`,
    ),
  );
}
