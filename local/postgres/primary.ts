import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { CannotStart } from '../cannot-start';
import type { Binaries, RunAs } from './binaries';
import { connected } from './connected';
import { damaged, explainFailure } from './explain';
import type { Secrets } from './secrets';

export const databaseName = 'annex';

/**
 * This file is written once a data directory is complete. A directory without it was abandoned half-made and holds no
 * data.
 */
export const marker = (dataDir: string): string => `${dataDir}.made`;

/** True when the data directory was completed. Throws a sentence when it was completed but is unusable now. */
export async function isMade(dataDir: string, major: string): Promise<boolean> {
  const made = await readFile(marker(dataDir), 'utf8').catch(() => null);
  if (made === null) return false;
  const version = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version === null) {
    throw new CannotStart(damaged(dataDir, 'its files are missing'));
  }
  if (version.trim() !== major) {
    throw new CannotStart(
      `The database in ${dataDir} was created by PostgreSQL ${version.trim()}, but this is PostgreSQL ${major}. Start over with "npm run reset", which deletes all data.`,
    );
  }
  return true;
}

/**
 * Runs `initdb` in a new directory: UTF-8, byte-order collation, and password-only connections on loopback. Throws when
 * `signal` is aborted before the end.
 */
export async function initialise(
  dataDir: string,
  binaries: Binaries,
  { launcher, ids }: RunAs,
  secrets: Secrets,
  signal: AbortSignal | undefined,
): Promise<void> {
  const passwordFile = `${dataDir}.pw`;
  try {
    await rm(dataDir, { recursive: true, force: true });
    await mkdir(dataDir, { mode: 0o700 });
    await writeFile(passwordFile, secrets.annex_admin, { mode: 0o600 });
    if (ids.uid !== undefined && ids.gid !== undefined) {
      await chown(dataDir, ids.uid, ids.gid);
      await chown(passwordFile, ids.uid, ids.gid);
    }
    const [file = '', ...args] = [
      ...launcher,
      binaries.initdb,
      '-D',
      dataDir,
      '--username=annex_admin',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ];
    await runInitdb(file, args, ids, signal);
    await writeFile(
      join(dataDir, 'pg_hba.conf'),
      [
        'host all all 127.0.0.1/32 scram-sha-256',
        'host replication annex_replica 127.0.0.1/32 scram-sha-256',
        '',
      ].join('\n'),
    );
  } catch (error) {
    throw explainFailure(dataDir, error);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Its own process group, because `initdb` starts servers: an abort ends them all. Throws with what it printed. */
async function runInitdb(
  file: string,
  args: readonly string[],
  ids: RunAs['ids'],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(file, args, {
    ...ids,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text));
  const abort = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  signal?.addEventListener('abort', abort);
  try {
    const [code, by] = await once(child, 'close');
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`initdb failed (${by ?? `exit ${code}`}):\n${output.trim()}`);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** Creates the login roles that are missing, with their passwords. */
export async function prepareLogins(adminUrl: string, secrets: Secrets): Promise<void> {
  await connected(adminUrl, async (client) => {
    const attributes = {
      annex_owner: 'LOGIN CREATEROLE',
      annex_portal: 'LOGIN NOINHERIT',
      annex_extract: 'LOGIN NOINHERIT',
      annex_replica: 'LOGIN REPLICATION',
    } as const;
    for (const [role, attribute] of Object.entries(attributes) as [keyof typeof attributes, string][]) {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      if (rowCount) continue;
      await client.query(`CREATE ROLE ${role} ${attribute} PASSWORD ${pg.escapeLiteral(secrets[role])}`);
    }
  });
}

/** Creates the database, whose owner is not a superuser. */
export async function prepareDatabase(adminUrl: string): Promise<void> {
  await connected(adminUrl, (client) => client.query(`CREATE DATABASE ${databaseName} OWNER annex_owner`));
}

/** Takes rights from PUBLIC in the product's database, as an operator does: `adminUrl` is that of a superuser there. */
export async function restrictPublic(adminUrl: string): Promise<void> {
  const sql = await readFile(join(import.meta.dirname, '../../infra/postgres/restrict.sql'), 'utf8');
  await connected(adminUrl, (client) => client.query(sql));
}
