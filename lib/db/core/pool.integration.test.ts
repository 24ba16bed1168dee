import { Socket } from 'node:net';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { openPool, statements } from './pool';
import { inScope, inScopeOnConnection } from './transaction';

let postgres: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  postgres = await startTestDatabase([]);
  pool = openPool({
    connectionString: postgres.adminUrl,
    application_name: 'annex-pool',
    max: 1,
    statement_timeout: 600_000,
    marginMs: 0,
  });
});
afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

/** Breaks the connection of `client` as a database that fails over does, and returns once `client` knows. */
async function breakOff(client: pg.PoolClient): Promise<void> {
  const ended = new Promise<void>((resolve) => client.on('end', () => resolve()));
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await postgres.as('admin', (admin) => admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]));
  await ended;
}

it('tells who works on a connection that breaks between two statements, and gives another', async () => {
  const client = await pool.connect();
  await breakOff(client);
  await expect(client.query('SELECT 1')).rejects.toThrow(/connection error/);
  client.release();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

it('replaces a connection that broke while nobody used it', async () => {
  const client = await pool.connect();
  const broken = breakOff(client);
  client.release();
  await broken;
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

it('breaks a connection whose statement is not answered by its limit, and takes another', async () => {
  const client = await pool.connect();
  await expect(statements.run({ limitMs: 50 }, () => client.query('SELECT pg_sleep(600)'))).rejects.toThrow(
    'Connection terminated: the server did not answer',
  );
  client.release();
  expect((await pool.query('SELECT 1 AS one FROM pg_sleep(0.2)')).rows).toEqual([{ one: 1 }]);
});

it('lets a connection be silent while it has no statement', async () => {
  const client = await pool.connect();
  const drained = new Promise<void>((resolve) => client.once('drain', resolve));
  await client.query('SELECT 1');
  await drained;
  expect((client as unknown as { connection: { stream: Socket } }).connection.stream.timeout).toBe(0);
  client.release();
});

it('takes no server that is read-only for a primary', async () => {
  const standby = openPool({
    connectionString: postgres.adminUrl,
    application_name: 'annex-standby',
    max: 1,
    writable: true,
    options: '-c default_transaction_read_only=on',
  });
  await expect(standby.query('SELECT 1')).rejects.toThrow('Connection terminated: the server is read-only');
  await standby.end();
});

it('gives a statement of Prisma’s the limit of its transaction', async () => {
  const limit = vi.spyOn(Socket.prototype, 'setTimeout');
  const scope = { role: 'annex_control', tenantId: '' } as const;
  await inScope(scope, (tx) => tx.$queryRaw`SELECT 1`, { timeoutMs: 77_000 });
  const given = new Set(limit.mock.calls.map(([ms]) => ms).filter((ms) => ms >= 25_000));
  expect(given).toEqual(new Set([87_000]));
  limit.mockRestore();
});

it('fails a transaction whose connection breaks in the middle as transient', async () => {
  const work = inScopeOnConnection({ role: 'annex_control', tenantId: '' }, async (client) => {
    await breakOff(client);
    await client.query('SELECT 1');
  });
  await expect(work).rejects.toMatchObject({ code: 'dependency_failed', transient: true });
});
