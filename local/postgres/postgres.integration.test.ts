import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../free-port';
import { exitWithParent } from '../supervisor';
import { connected } from './connected';
import { makeSecrets } from './secrets';
import { type Postgres, startPostgres } from './start';

let dir = '';
let running: Postgres | null = null;
let ports = { primary: 0, standby: 0 };
const lines: string[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-pg-'));
  ports = { primary: await freePort(), standby: await freePort() };
  lines.length = 0;
});
afterEach(async () => {
  await running?.stop();
  running = null;
  await rm(dir, { recursive: true, force: true });
});

async function start(standby = false): Promise<Postgres> {
  running = await startPostgres({
    dir,
    primaryPort: ports.primary,
    standbyPort: standby ? ports.standby : null,
    log: (line) => lines.push(line),
    settings: { shared_buffers: '32MB', fsync: 'off' },
  });
  return running;
}

function query<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  return connected(url, async (client) => (await client.query<R>(sql)).rows);
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await what().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('did not happen within a minute');
    await delay(30);
  }
}

/** Not alive: gone, or a zombie that nobody has waited for. */
function isAlive(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}

describe('the embedded PostgreSQL', () => {
  it('streams what the primary writes to the standby, which only reads, and keeps both over a stop', async () => {
    const first = await start(true);
    await query(first.ownerUrl, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
    const read = () =>
      query<{ n: number }>(
        first.adminUrl.replace(`:${ports.primary}/`, `:${ports.standby}/`),
        'SELECT n FROM kept',
      );
    await until(async () => (await read()).length === 1);
    await expect(
      query(
        first.ownerUrl.replace(`:${ports.primary}/`, `:${ports.standby}/`),
        'INSERT INTO kept VALUES (2)',
      ),
    ).rejects.toThrow('read-only');
    const pid = first.primaryPid();
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    lines.length = 0;
    await start(true);
    expect(lines).toEqual([]);
    expect(await read()).toEqual([{ n: 1 }]);
  });

  it('keeps passwords where only this user reads, and lets nobody in without', async () => {
    const { portalUrl } = await start();
    expect((await stat(join(dir, 'secrets.json'))).mode & 0o077).toBe(0);
    await expect(query(portalUrl.replace(/:[^:@/]+@/, ':guess@'), 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    );
    expect(await query(portalUrl, `SELECT current_setting('listen_addresses') AS hosts`)).toEqual([
      { hosts: '127.0.0.1' },
    ]);
  });

  it('leaves the logins of portal and extract job no way around row-level security', async () => {
    const { portalUrl, jobUrl, adminUrl } = await start();
    await query(adminUrl, `SELECT lo_from_bytea(4711, 'of another tenant')`);
    for (const url of [portalUrl, jobUrl]) {
      for (const database of ['postgres', 'template1'])
        await expect(query(url.replace(/annex$/, database), 'SELECT 1')).rejects.toThrow(
          'permission denied for database',
        );
      for (const call of [
        'lo_create(0)',
        `lo_from_bytea(0, 'x')`,
        'lo_get(4711)',
        `lo_put(4711, 0, 'x')`,
        'lo_open(4711, 131072)',
        'loread(0, 1)',
        'lo_unlink(4711)',
        'pg_terminate_backend(1)',
        'pg_export_snapshot()',
      ])
        await expect(query(url, `SELECT ${call}`), call).rejects.toThrow('permission denied for function');
      await expect(query(url, 'SELECT query FROM pg_stat_activity')).rejects.toThrow('permission denied');
    }
  });

  it('starts a server again that was killed', async () => {
    const { adminUrl, primaryPid } = await start();
    await query(adminUrl, 'CREATE TABLE kept (n int)');
    const killed = primaryPid();
    process.kill(killed, 'SIGKILL');
    await until(
      async () => (await query(adminUrl, 'SELECT * FROM kept')).length === 0 && primaryPid() !== killed,
    );
    expect(lines.join()).toContain('stopped unexpectedly');
  });

  it('starts over what a killed run left: a stale pid file of no process or of another program', async () => {
    await (await start()).stop();
    const pidFile = join(dir, 'primary', 'postmaster.pid');
    for (const pid of [process.pid, 4_194_000]) {
      await writeFile(
        pidFile,
        `${pid}\n${join(dir, 'primary')}\n0\n${ports.primary}\n\n127.0.0.1\n0 0\nready\n`,
      );
      await (await start()).stop();
    }
  });

  it('makes a half-made primary anew, and never one that was completed', async () => {
    await mkdir(join(dir, 'primary'));
    await writeFile(join(dir, 'primary', 'PG_VERSION'), '18\n');
    await (await start()).stop();
    await rm(join(dir, 'primary', 'PG_VERSION'));
    await expect(start()).rejects.toThrow(/is damaged.*npm run reset/);
    running = null;
  });

  it('says that the primary is damaged, whichever of its files is', async () => {
    await (await start()).stop();
    const whole = join(dir, 'whole');
    const primary = join(dir, 'primary');
    await rename(primary, whole);
    const control = join(primary, 'global', 'pg_control');
    const damages: Readonly<Record<string, () => Promise<void>>> = {
      'control file lost': () => rm(control),
      'control file empty': () => truncate(control),
      'control file of zeros': async () => writeFile(control, Buffer.alloc((await stat(control)).size)),
      'log lost': () => rm(join(primary, 'pg_wal'), { recursive: true }),
      'log emptied': async () => {
        await rm(join(primary, 'pg_wal'), { recursive: true });
        await mkdir(join(primary, 'pg_wal'));
        if (process.getuid?.() === 0)
          execFileSync('chown', ['--reference', control, join(primary, 'pg_wal')]);
      },
      'catalog lost': () => rm(join(primary, 'base'), { recursive: true }),
      'global folder lost': () => rm(join(primary, 'global'), { recursive: true }),
      'settings lost': () => rm(join(primary, 'postgresql.conf')),
      'all lost': () => rm(primary, { recursive: true }),
    };
    for (const [what, damage] of Object.entries(damages)) {
      execFileSync('cp', ['-a', whole, primary]);
      await damage();
      const said = await startPostgres({
        dir,
        primaryPort: ports.primary,
        standbyPort: null,
        log: () => undefined,
      }).then(
        async (server) => {
          await server.stop();
          return 'it started';
        },
        (error: Error) => `${error.constructor.name}: ${error.message}`,
      );
      expect(said, what).toMatch(
        /^CannotStart: The database in \S+\/primary is damaged: .+\. It holds tenants, .+ "npm run reset"/,
      );
      await rm(primary, { recursive: true, force: true });
    }
  });

  it('says that the passwords belong to another database', async () => {
    await (await start()).stop();
    await rm(join(dir, 'secrets.json'));
    await makeSecrets(dir);
    running = null;
    await expect(start()).rejects.toThrow(/secrets\.json does not hold the passwords of .*primary\. Restore/);
  });

  it('copies a broken or half-made standby again', async () => {
    const first = await start(true);
    await query(first.ownerUrl, 'CREATE TABLE kept (n int)');
    await first.stop();
    await rm(join(dir, 'standby', 'global'), { recursive: true });
    await (await start(true)).stop();
    expect(lines.filter((line) => line.includes('copying'))).toHaveLength(2);
    await rm(join(dir, 'standby.made'));
    const again = await start(true);
    expect(lines.filter((line) => line.includes('copying'))).toHaveLength(3);
    expect(
      await query(again.adminUrl.replace(`:${ports.primary}/`, `:${ports.standby}/`), 'SELECT * FROM kept'),
    ).toEqual([]);
  });

  it('says which port is taken and what to set', async () => {
    const other = createServer().listen(ports.primary, '127.0.0.1');
    await once(other, 'listening');
    try {
      await expect(start()).rejects.toThrow(
        `Port ${ports.primary} for the PostgreSQL primary is used by process ${process.pid}`,
      );
    } finally {
      other.close();
    }
  });

  it('refuses a folder that another Annex is using', async () => {
    await start();
    const primaryPort = await freePort();
    await expect(
      startPostgres({ dir, primaryPort, standbyPort: null, log: () => undefined }),
    ).rejects.toThrow('used by another Annex');
  });
});

describe('as a process of the start script', () => {
  let child: ChildProcess | null = null;
  afterEach(async () => {
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    child = null;
  });

  async function launch(): Promise<{
    readonly urls: Record<string, string>;
    readonly pids: readonly number[];
  }> {
    child = fork(join(import.meta.dirname, 'main.ts'), {
      execArgv: [exitWithParent, '--import', 'tsx'],
      env: {
        ...process.env,
        ANNEX_STATE_DIR: dir,
        ANNEX_PG_PORT: String(ports.primary),
        ANNEX_PG_STANDBY_PORT: String(ports.standby),
      },
      stdio: 'pipe',
    });
    const [urls] = await once(child, 'message');
    const pids = await Promise.all(
      ['primary', 'standby'].map(async (name) =>
        Number((await readFile(join(dir, 'postgres', name, 'postmaster.pid'), 'utf8')).split('\n')[0]),
      ),
    );
    return { urls, pids };
  }

  it('says where it is, and leaves no server behind when its parent goes', async () => {
    await chmod(dir, 0o755);
    const { urls, pids } = await launch();
    expect(urls).toMatchObject({
      ready: true,
      ownerUrl: expect.stringContaining('annex_owner'),
      portalUrl: expect.stringContaining('annex_portal'),
    });
    expect(await query(urls.standbyUrl ?? '', 'SELECT pg_is_in_recovery() AS standby')).toEqual([
      { standby: true },
    ]);
    child?.disconnect();
    await until(async () => pids.every((pid) => !isAlive(pid)));
    expect(existsSync(join(dir, 'postgres', 'primary', 'postmaster.pid'))).toBe(false);
  });

  it('takes over from one that was killed with its servers still running', async () => {
    await chmod(dir, 0o755);
    const { pids } = await launch();
    const gone = child && once(child, 'exit');
    child?.kill('SIGKILL');
    await gone;
    expect(pids.every(isAlive)).toBe(true);
    const again = await launch();
    expect(pids.some(isAlive)).toBe(false);
    expect(await query(again.urls.portalUrl ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    child?.kill('SIGTERM');
    await until(async () => again.pids.every((pid) => !isAlive(pid)));
  });
});
