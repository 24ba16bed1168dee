import { constants } from 'node:fs';
import { chown, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunAs } from './binaries';
import { connected } from './connected';
import { explainFailure } from './explain';
import { marker } from './primary';

/** Folders whose contents belong to one running server. Source: PostgreSQL's manual, "Backing Up the Data Directory". */
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const leftOut = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'postgresql.auto.conf.tmp',
  'current_logfiles',
  'backup_label',
  'tablespace_map',
]);

export interface StandbySource {
  /** Superuser connection to the primary. */
  readonly adminUrl: string;
  readonly primaryDataDir: string;
  readonly primaryPort: number;
  readonly replicaPassword: string;
  /** Aborted to give up. */
  readonly signal?: AbortSignal | undefined;
}

/** Copies the running primary into `dataDir` as a streaming hot standby (a base backup by the low-level API). */
export async function buildStandby(dataDir: string, source: StandbySource, runAs: RunAs): Promise<void> {
  try {
    await rm(marker(dataDir), { force: true });
    await rm(dataDir, { recursive: true, force: true });
    const label = await connected(source.adminUrl, async (client) => {
      await client.query(`SELECT pg_backup_start('annex standby', true)`);
      await copyTree(source.primaryDataDir, dataDir, runAs, true, source.signal);
      const { rows } = await client.query<{ labelfile: string }>(
        'SELECT labelfile FROM pg_backup_stop(false)',
      );
      return rows[0]?.labelfile ?? '';
    });
    await writeOwned(join(dataDir, 'backup_label'), label, runAs);
    await connectStandby(dataDir, source, runAs);
    await writeFile(marker(dataDir), '');
  } catch (error) {
    throw explainFailure(dataDir, error);
  }
}

/** Tells the standby where the primary is, because the primary's port may have changed. */
export async function connectStandby(dataDir: string, source: StandbySource, runAs: RunAs): Promise<void> {
  const target = `host=127.0.0.1 port=${source.primaryPort} user=annex_replica password=${source.replicaPassword} application_name=annex_standby`;
  await writeOwned(join(dataDir, 'postgresql.auto.conf'), `primary_conninfo = '${target}'\n`, runAs);
  await writeOwned(join(dataDir, 'standby.signal'), '', runAs);
}

/**
 * True once the standby is in recovery and receives the primary's log; false if that takes longer than `withinMs`, or
 * `signal` is aborted before.
 */
export async function streams(
  standbyAdminUrl: string,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return connected(standbyAdminUrl, async (client) => {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline && !signal?.aborted) {
      const { rows } = await client.query<{ ok: boolean }>(
        `SELECT pg_is_in_recovery() AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AS ok`,
      );
      if (rows[0]?.ok) return true;
      await delay(25);
    }
    return false;
  }).catch(() => false);
}

async function copyTree(
  from: string,
  to: string,
  runAs: RunAs,
  top: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  await own(to, runAs);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    signal?.throwIfAborted();
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      if (entry.name === 'pgsql_tmp') continue;
      if (top && emptied.has(entry.name)) await emptyDirectory(target, runAs);
      else await copyTree(source, target, runAs, false, signal);
    } else if (!(top && leftOut.has(entry.name))) {
      await copyRegularFile(source, target, runAs);
    }
  }
}

/** The primary may delete a file during the copy. The log that the standby replays covers that. */
async function copyRegularFile(source: string, target: string, runAs: RunAs): Promise<void> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    await own(target, runAs);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

async function emptyDirectory(path: string, runAs: RunAs): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  await own(path, runAs);
}

async function writeOwned(path: string, content: string, runAs: RunAs): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await own(path, runAs);
}

async function own(path: string, { ids }: RunAs): Promise<void> {
  if (ids.uid !== undefined && ids.gid !== undefined) await chown(path, ids.uid, ids.gid);
}
