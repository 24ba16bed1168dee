import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CannotStart } from '../cannot-start';
import { type Binaries, findBinaries, findRunAs, type RunAs } from './binaries';
import { explainFailure } from './explain';
import {
  databaseName,
  initialise,
  isMade,
  marker,
  prepareDatabase,
  prepareLogins,
  restrictPublic,
} from './primary';
import { makeSecrets, readSecrets, type Secrets } from './secrets';
import { type Server, type ServerOptions, startServer } from './server';
import { buildStandby, connectStandby, type StandbySource, streams } from './standby';
import { type Supervised, supervise } from './supervise';

export interface PostgresOptions {
  /** Folder of both servers' data, logs and passwords. */
  readonly dir: string;
  readonly primaryPort: number;
  /** Null for no standby. */
  readonly standbyPort: number | null;
  readonly log: (line: string) => void;
  /** Called when a server stays down after several restarts. The reason was logged before. */
  readonly giveUp?: () => void;
  /** Aborted to give up a start. What has been started by then is stopped before the start rejects. */
  readonly signal?: AbortSignal;
  /** Settings that override the defaults, e.g. `fsync=off` for a test. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Postgres {
  /** The role that migrates and owns the tables. It is not a superuser, and row-level security applies to it. */
  readonly ownerUrl: string;
  /** The product's role. */
  readonly portalUrl: string;
  /** The product's role on the standby; on the primary when there is no standby. */
  readonly standbyUrl: string;
  /** The extract job's login on the standby; on the primary when there is no standby. */
  readonly jobUrl: string;
  /** Superuser, only for tests and for tools in this folder. */
  readonly adminUrl: string;
  readonly primaryPid: () => number;
  /** Shuts both servers down and waits until they have ended. */
  stop(): Promise<void>;
}

interface Ground {
  readonly dir: string;
  readonly binaries: Binaries;
  readonly runAs: RunAs;
  readonly secrets: Secrets;
  readonly options: PostgresOptions;
}

const laptop: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  work_mem: '32MB',
  maintenance_work_mem: '128MB',
  wal_level: 'replica',
  // What a restart reads again, and most of what stays on disk. It holds a dozen imports of 70,000 orders.
  max_wal_size: '256MB',
  // Otherwise a large import would wait for its own log to be written.
  wal_buffers: '32MB',
  // For a standby that restarts. One that is away for longer is copied again at the next start.
  wal_keep_size: '256MB',
  max_wal_senders: '5',
  wal_retrieve_retry_interval: '500ms',
  // Each refit replaces all scores of a tenant. Within the usual minute, dozens of refits would leave their rows.
  autovacuum_naptime: '5s',
  hot_standby: 'on',
  hot_standby_feedback: 'on',
  wal_receiver_status_interval: '1s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  jit: 'off',
};

/** Nobody streams from the standby. */
const ofStandby: Readonly<Record<string, string>> = { wal_keep_size: '0' };

/**
 * Starts a real PostgreSQL on loopback, a primary and a streaming hot standby, and creates what is missing. Recreates
 * an incomplete data directory and copies a broken standby again. Restarts a server that dies. Throws a sentence that
 * says what to do.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const ground = await prepareGround(options);
  const primary = await startPrimary(ground);
  let standby: Supervised | null = null;
  try {
    if (options.standbyPort !== null) standby = await startStandby(ground, options.standbyPort);
  } catch (error) {
    await primary.stop();
    throw error;
  }
  const url = (role: keyof Secrets, port: number) => urlOf(ground.secrets, role, port, databaseName);
  return {
    ownerUrl: url('annex_owner', options.primaryPort),
    portalUrl: url('annex_portal', options.primaryPort),
    standbyUrl: url('annex_portal', options.standbyPort ?? options.primaryPort),
    jobUrl: url('annex_extract', options.standbyPort ?? options.primaryPort),
    adminUrl: url('annex_admin', options.primaryPort),
    primaryPid: primary.pid,
    // The primary stops first: its fast shutdown sends the rest of the log to the standby.
    stop: async () => {
      standby?.expectEnd();
      await primary.stop();
      await standby?.stop();
    },
  };
}

async function prepareGround(options: PostgresOptions): Promise<Ground> {
  const dir = resolve(options.dir);
  const [binaries, runAs] = await Promise.all([findBinaries(), findRunAs()]);
  try {
    await mkdir(dir, { recursive: true });
    // The server's user must be able to reach its data directories, which are closed to everybody else.
    if (runAs.ids.uid !== undefined) await chmod(dir, 0o755);
    const made = await isMade(join(dir, 'primary'), binaries.major);
    const known = await readSecrets(dir);
    if (made && !known) {
      throw new CannotStart(
        `${join(dir, 'secrets.json')} is missing. It holds the passwords of the database in the same folder. Restore the file, or start over with "npm run reset", which deletes all data.`,
      );
    }
    return { dir, binaries, runAs, secrets: known ?? (await makeSecrets(dir)), options };
  } catch (error) {
    throw explainFailure(dir, error);
  }
}

async function startPrimary(ground: Ground): Promise<Supervised> {
  const { options, secrets, binaries, runAs } = ground;
  const dataDir = join(ground.dir, 'primary');
  const server = serverOptions(ground, 'primary', options.primaryPort, 'ANNEX_PG_PORT');
  const made = await isMade(dataDir, binaries.major);
  if (!made) {
    options.log('PostgreSQL: creating the primary');
    await initialise(dataDir, binaries, runAs, secrets, options.signal);
  }
  const started = await startServer(server);
  try {
    options.signal?.throwIfAborted();
    await prepareLogins(server.probeUrl, secrets);
    if (!made) {
      await prepareDatabase(server.probeUrl);
      await writeFile(marker(dataDir), '');
    }
    await restrictPublic(urlOf(secrets, 'annex_admin', options.primaryPort, databaseName));
  } catch (error) {
    await started.stop();
    throw error;
  }
  return supervise('primary', started, () => startServer(server), options.log, options.giveUp ?? (() => {}));
}

async function startStandby(ground: Ground, port: number): Promise<Supervised> {
  const { options, secrets, binaries, runAs } = ground;
  const dataDir = join(ground.dir, 'standby');
  const server = serverOptions(ground, 'standby', port, 'ANNEX_PG_STANDBY_PORT');
  const source: StandbySource = {
    adminUrl: urlOf(secrets, 'annex_admin', options.primaryPort, 'postgres'),
    primaryDataDir: join(ground.dir, 'primary'),
    primaryPort: options.primaryPort,
    replicaPassword: secrets.annex_replica,
    signal: options.signal,
  };
  const existing = (await isMade(dataDir, binaries.major).catch(() => false))
    ? await resumeStandby(dataDir, server, source, runAs)
    : null;
  if (existing)
    return supervise(
      'standby',
      existing,
      () => startServer(server),
      options.log,
      options.giveUp ?? (() => {}),
    );
  options.log('PostgreSQL: copying the primary to the standby');
  await buildStandby(dataDir, source, runAs);
  const built = await startServer(server);
  if (!(await streams(server.probeUrl, 20_000, options.signal))) {
    await built.stop();
    options.signal?.throwIfAborted();
    throw new Error(`The PostgreSQL standby does not follow the primary. See ${server.logFile}.`);
  }
  return supervise('standby', built, () => startServer(server), options.log, options.giveUp ?? (() => {}));
}

/** Null when the existing standby is unusable: it is damaged, or needs log that the primary no longer keeps. */
async function resumeStandby(
  dataDir: string,
  server: ServerOptions,
  source: StandbySource,
  runAs: RunAs,
): Promise<Server | null> {
  let started: Server;
  try {
    await connectStandby(dataDir, source, runAs);
    started = await startServer(server);
  } catch (error) {
    source.signal?.throwIfAborted();
    if (error instanceof Error && /is used by|cannot be used|is full/.test(error.message)) throw error;
    return null;
  }
  if (await streams(server.probeUrl, 20_000, source.signal)) return started;
  await started.stop();
  source.signal?.throwIfAborted();
  return null;
}

function serverOptions(
  ground: Ground,
  name: 'primary' | 'standby',
  port: number,
  portVariable: string,
): ServerOptions {
  return {
    name,
    dataDir: join(ground.dir, name),
    logFile: join(ground.dir, `${name}.log`),
    port,
    portVariable,
    settings: {
      ...laptop,
      ...(name === 'standby' ? ofStandby : {}),
      cluster_name: `annex_${name}`,
      ...ground.options.settings,
    },
    probeUrl: urlOf(ground.secrets, 'annex_admin', port, 'postgres'),
    binaries: ground.binaries,
    runAs: ground.runAs,
    signal: ground.options.signal,
  };
}

function urlOf(secrets: Secrets, role: keyof Secrets, port: number, database: string): string {
  return `postgresql://${role}:${secrets[role]}@127.0.0.1:${port}/${database}`;
}
