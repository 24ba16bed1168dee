import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connected } from '@/local/postgres/connected';
import type { TestPostgres } from '@/local/postgres/testing';
import { openPool } from './pool';
import { startTestDatabase } from './testing';
import { inScopeOnConnection } from './transaction';

let postgres: TestPostgres;
let pool: pg.Pool;
beforeAll(async () => {
  postgres = await startTestDatabase([]);
  pool = openPool({ connectionString: postgres.adminUrl, application_name: 'annex-pool', max: 1 });
});
afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

/** Breaks the connection of `client` as a database that fails over does, and returns once `client` knows. */
async function breakOff(client: pg.PoolClient): Promise<void> {
  const ended = new Promise<void>((resolve) => client.on('end', () => resolve()));
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await connected(postgres.adminUrl, (admin) =>
    admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]),
  );
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

it('fails a transaction whose connection breaks in the middle as transient', async () => {
  const work = inScopeOnConnection({ role: 'annex_control', tenantId: '' }, async (client) => {
    await breakOff(client);
    await client.query('SELECT 1');
  });
  await expect(work).rejects.toMatchObject({ code: 'dependency_failed', transient: true });
});
