import { createHash } from 'node:crypto';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { connected } from './postgres/connected';
import { migrationsList, schemaEngine, wholeSchema } from './schema-engine';

/**
 * Applies the pending migrations of `prisma/migrations` like `prisma migrate deploy`, but without the engine that must
 * be downloaded. Returns the names of the applied migrations, in order. Throws when one fails or was edited after it
 * was applied.
 */
export async function migrate(ownerUrl: string): Promise<readonly string[]> {
  const migrations = await migrationsList();
  if (await isUpToDate(ownerUrl, migrations)) return [];
  const engine = await schemaEngine(ownerUrl);
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: migrations,
      filters: wholeSchema,
    });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}

/** Reads `_prisma_migrations` directly: loading the engine takes longer than the rest of a start. */
async function isUpToDate(ownerUrl: string, migrations: MigrationList): Promise<boolean> {
  const applied = await appliedMigrations(ownerUrl);
  return migrations.migrationDirectories.every(({ path, migrationFile }) => {
    const known = applied.get(path);
    if (known === undefined || migrationFile.content.tag !== 'ok') return false;
    if (known !== createHash('sha256').update(migrationFile.content.value).digest('hex')) {
      throw new Error(
        `Migration ${path} was changed after it was applied to this database. Restore its text and add a new migration, or start over with "npm run reset".`,
      );
    }
    return true;
  });
}

/** Checksums of finished migrations by name. */
async function appliedMigrations(ownerUrl: string): Promise<ReadonlyMap<string, string>> {
  try {
    const { rows } = await connected(ownerUrl, (client) =>
      client.query<{ migration_name: string; checksum: string }>(
        'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
      ),
    );
    return new Map(rows.map((row) => [row.migration_name, row.checksum]));
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42P01') return new Map();
    throw error;
  }
}
