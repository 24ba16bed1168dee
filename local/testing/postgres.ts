import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { freePort } from '../free-port';
import { migrate } from '../migrate';
import { connected } from '../postgres/connected';
import { type Postgres, startPostgres } from '../postgres/start';

/** A migrated PostgreSQL in a temporary directory, for one test file or benchmark. `stop` removes it. */
export interface TestPostgres extends Postgres {
  readonly dir: string;
  /** Connects as that role, does `work`, and ends the connection. `admin` is the superuser. */
  as<T>(role: 'admin' | 'owner' | 'portal', work: (client: pg.Client) => Promise<T>): Promise<T>;
}

/**
 * Starts one on free ports. `standby: true` adds the hot standby; `durable: true` keeps fsync, as a benchmark needs it;
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
      as: (role, work) => connected(postgres[`${role}Url`], work),
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
