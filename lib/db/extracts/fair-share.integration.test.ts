import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import { closeReplica, extractReader, openReplica } from './replica';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
beforeAll(async () => {
  database = await startTestDatabase(['noisy', 'quiet']);
  await openReplica(database.portalUrl);
});
afterAll(async () => {
  await closeReplica();
  await database?.stop();
});

const query = (statement: string) => ({ statement, values: [], columns: [] });

it('gives a tenant one read of the replica at a time, on one core, and the others theirs', async () => {
  await database.as('admin', async (admin) => {
    const waiting = async () => {
      const { rows } = await admin.query<{ reads: number }>(
        `SELECT count(*)::integer AS reads FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'annex-replica' AND wait_event = 'advisory'`,
      );
      return rows[0]?.reads;
    };
    await admin.query('SELECT pg_advisory_lock(11)');
    const noisy = Array.from({ length: 12 }, () =>
      extractReader('noisy').preview(query('SELECT 1 AS one FROM pg_advisory_xact_lock(11)'), 1),
    );
    await vi.waitFor(async () => expect(await waiting()).toBe(1));
    const workers = query(`SELECT current_setting('max_parallel_workers_per_gather')`);
    expect(await extractReader('quiet').preview(workers, 1)).toEqual([['0']]);
    expect(await waiting()).toBe(1);
    await admin.query('SELECT pg_advisory_unlock(11)');
    expect(await Promise.all(noisy)).toEqual(Array.from({ length: 12 }, () => [['1']]));
  });
});
