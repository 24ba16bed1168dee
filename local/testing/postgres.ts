import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { freePort } from '../free-port';
import { migrate } from '../migrate';
import { connected } from '../postgres/connected';
import { type Postgres, startPostgres } from '../postgres/start';

/**
 * A migrated database with one URL per role: owner (migrates and owns the tables), product, extract job and
 * superuser. `stop` removes it.
 */
export interface TestDatabase
  extends Pick<Postgres, 'ownerUrl' | 'portalUrl' | 'jobUrl' | 'adminUrl' | 'stop'> {
  /** Connects as that role, runs `work` and ends the connection. */
  as<T>(role: 'owner' | 'portal' | 'job' | 'admin', work: (client: pg.Client) => Promise<T>): Promise<T>;
}

/** A PostgreSQL in a temporary directory with one migrated database, for one test file or benchmark. */
export interface TestPostgres extends Postgres, TestDatabase {
  readonly dir: string;
}

/** Connects to a database by its URLs. */
export const connecting = (urls: Omit<TestDatabase, 'as' | 'stop'>): Pick<TestDatabase, 'as'> => ({
  as: (role, work) => connected(urls[`${role}Url`], work),
});

/**
 * Starts PostgreSQL on free ports. `standby: true` adds the hot standby. `durable: true` keeps fsync, for benchmarks.
 * `settings` are PostgreSQL's own.
 */
export async function startTestPostgres(
  options: {
    readonly standby?: boolean;
    readonly durable?: boolean;
    readonly settings?: Readonly<Record<string, string>>;
  } = {},
): Promise<TestPostgres> {
  const dir = await mkdtemp(join(tmpdir(), 'annex-pg-'));
  let running: Postgres | null = null;
  try {
    const postgres = await startPostgres({
      dir,
      primaryPort: await freePort(),
      standbyPort: options.standby ? await freePort() : null,
      log: () => undefined,
      settings: options.durable
        ? { ...options.settings }
        : { shared_buffers: '64MB', fsync: 'off', ...options.settings },
    });
    running = postgres;
    await migrate(postgres.ownerUrl);
    return {
      ...postgres,
      dir,
      ...connecting(postgres),
      stop: async () => {
        await postgres.stop();
        await rm(dir, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } catch (error) {
    await running?.stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}
