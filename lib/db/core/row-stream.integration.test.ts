import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { Prisma } from '../generated/client';
import type { RowStreamOptions } from './row-stream';
import { tenantRows } from './tenant-scope';

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar']);
});
afterAll(() => postgres?.stop());

const read = (tenantId: string, options: RowStreamOptions = {}) =>
  tenantRows<{ n: number }>(tenantId, Prisma.sql`SELECT n FROM generate_series(1, 10) AS n`, 4, options);

async function all(rows: AsyncIterable<readonly { n: number }[]>): Promise<number> {
  let found = 0;
  for await (const batch of rows) found += batch.length;
  return found;
}

describe('rows that a tenant reads', () => {
  it('are two results at a time, and others read theirs', async () => {
    const stalled = [read('foo'), read('foo')];
    for (const rows of stalled) await rows.next();
    await expect(read('foo').next()).rejects.toMatchObject({
      code: 'throttled',
      message: expect.stringContaining('2 downloads'),
    });
    expect(await all(read('bar'))).toBe(10);
    await stalled[0]?.return(undefined);
    expect(await all(read('foo'))).toBe(10);
    expect(await all(stalled[1] ?? read('foo'))).toBe(6);
    expect(await Promise.all([all(read('foo')), all(read('foo'))])).toEqual([10, 10]);
  });

  it('are let go when their reader stands still', async () => {
    const stalled = [read('foo', { idleMs: 20 }), read('foo', { idleMs: 20 })];
    for (const rows of stalled) await rows.next();
    // Set after theirs, hence over after them.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await all(read('foo'))).toBe(10);
    for (const rows of stalled) {
      await expect(rows.next()).rejects.toThrow('stalled');
      expect(await rows.next()).toMatchObject({ done: true });
    }
    expect(await Promise.all([all(read('foo')), all(read('foo')), all(read('bar'))])).toEqual([10, 10, 10]);
  });

  it('are let go when reading them takes too long, however steadily', async () => {
    const steady = tenantRows('foo', Prisma.sql`SELECT generate_series(1, 100000)`, 1, { longestMs: 50 });
    const taken = async () => {
      for await (const _ of steady);
    };
    await expect(taken()).rejects.toMatchObject({
      code: 'dependency_failed',
      message: expect.stringContaining('took too long'),
    });
    expect(await Promise.all([all(read('foo')), all(read('foo'))])).toEqual([10, 10]);
  });
});
