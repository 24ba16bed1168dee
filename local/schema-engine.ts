import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

const prismaDir = resolve(dirname(fileURLToPath(import.meta.url)), '..', 'prisma');

/** All tables and enums belong to this schema. */
export const wholeSchema = { externalTables: [], externalEnums: [] };

/**
 * Prisma's adapter with two fixes for the WebAssembly engine: without them it splits a script at every semicolon, even
 * inside a function, and cannot read the type "char", which queries about constraints return. The native engine does
 * neither.
 */
class EngineAdapter extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    return mend(await super.connect());
  }

  override async connectToShadowDb(): ReturnType<PrismaPg['connect']> {
    return mend(await super.connectToShadowDb());
  }
}

const charColumns = new Set(['constraint_type', 'confdeltype', 'confupdtype']);

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

function mend(adapter: Adapter): Adapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.executeScript = async (script) => {
    await adapter.underlyingDriver().query(script);
  };
  adapter.queryRaw = async (query) => {
    const sql = query.sql
      .replace('constr.contype AS', 'constr.contype::text AS')
      .replace(/\bcon\.(confdeltype|confupdtype)\b/g, 'con.$1::text AS $1')
      // PostgreSQL 18 lists NOT NULL as constraints of a kind that the engine does not know.
      .replace("('p', 'u', 'f')", "('p', 'u', 'f', 'n')");
    const result = await queryRaw({ ...query, sql });
    const columnTypes = result.columnTypes.map((type, index) =>
      charColumns.has(result.columnNames[index] ?? '') ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
  };
  return adapter;
}

let instantiated: Promise<void> | undefined;

/**
 * Prisma's schema engine from its WebAssembly package, because a closed network blocks the download of the native one.
 * Call `free()` after use.
 */
export async function schemaEngine(ownerUrl: string): Promise<SchemaEngine> {
  instantiated ??= instantiate();
  await instantiated;
  const adapter = bindMigrationAwareSqlAdapterFactory(
    // Nobody closes these connections, so they must time out soon: a database cannot be copied while one is open.
    new EngineAdapter({ connectionString: ownerUrl, max: 2, idleTimeoutMillis: 200 }),
  );
  const datamodels: [string, string][] = [['schema.prisma', await schemaText()]];
  return bindings.SchemaEngine.new({ datamodels }, () => undefined, adapter);
}

/** The text of `prisma/schema.prisma`. */
export function schemaText(): Promise<string> {
  return readFile(join(prismaDir, 'schema.prisma'), 'utf8');
}

/** The migrations folder, in the order in which migrations are applied. */
export async function migrationsList(): Promise<MigrationList> {
  const baseDir = join(prismaDir, 'migrations');
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const migrationDirectories = await Promise.all(
    names.map(async (path) => {
      const value = await readFile(join(baseDir, path, 'migration.sql'), 'utf8');
      return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } };
    }),
  );
  return {
    baseDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

async function instantiate(): Promise<void> {
  const require = createRequire(import.meta.url);
  const wasm = join(dirname(require.resolve('@prisma/schema-engine-wasm')), 'schema_engine_bg.wasm');
  const module = await WebAssembly.compile(await readFile(wasm));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
}
