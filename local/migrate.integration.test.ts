import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from './migrate';
import { connected } from './postgres/connected';
import { migrationsList, schemaEngine, schemaText, wholeSchema } from './schema-engine';
import { startTestPostgres, type TestPostgres } from './testing/postgres';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());

/** What it takes to turn the migrated database into what `schema` says; empty when nothing. */
async function difference(schema: string): Promise<string> {
  const engine = await schemaEngine(postgres.ownerUrl);
  try {
    const files = [{ path: 'schema.prisma', content: schema }];
    const result = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '/' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: wholeSchema,
    });
    return result.exitCode === 0 ? '' : (result.stdout ?? 'different');
  } finally {
    engine.free();
  }
}

function asAdmin(sql: string, parameters: readonly unknown[] = []): Promise<unknown[]> {
  return connected(postgres.adminUrl, async (client) => (await client.query(sql, [...parameters])).rows);
}

describe('migrations', () => {
  it('make what schema.prisma says', async () => {
    expect(await difference(await schemaText())).toBe('');
  });

  it('are told apart from a schema that says something else', async () => {
    const schema = await schemaText();
    expect(await difference(schema.replace('subject    String\n', 'subject    String?\n'))).toContain(
      '"subject"',
    );
    expect(await difference(schema.replace('@@index([tenantId, customerId, openedAt])', ''))).toContain(
      'DROP INDEX',
    );
  });

  it('are recorded as prisma migrate deploy would, and are applied once', async () => {
    const { migrationDirectories } = await migrationsList();
    const recorded = await asAdmin(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1',
    );
    expect(recorded).toEqual(migrationDirectories.map(({ path }) => ({ migration_name: path })));
    expect(await migrate(postgres.ownerUrl)).toEqual([]);
  });

  it('are refused when one was edited after it had been applied', async () => {
    const [kept] = (await asAdmin('SELECT checksum FROM _prisma_migrations')) as { checksum: string }[];
    await asAdmin(`UPDATE _prisma_migrations SET checksum = 'other'`);
    await expect(migrate(postgres.ownerUrl)).rejects.toThrow('was changed after it was applied');
    await asAdmin('UPDATE _prisma_migrations SET checksum = $1', [kept?.checksum]);
  });
});
