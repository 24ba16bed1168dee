import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withTenant } from '../core/tenant-scope';
import { raiseWatermark } from './watermark';

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar']);
});
afterAll(() => postgres?.stop());

const marks = (tenantId: string) => withTenant(tenantId, (tx) => tx.watermark.findMany());

describe('raiseWatermark', () => {
  it('gives each call a position of its own, a tenant apart', async () => {
    expect(await raiseWatermark('foo')).toBe(1n);
    const positions = await Promise.all(Array.from({ length: 4 }, () => raiseWatermark('foo')));
    expect(positions.toSorted()).toEqual([2n, 3n, 4n, 5n]);
    expect(await raiseWatermark('bar')).toBe(1n);
    expect(await marks('foo')).toEqual([{ tenantId: 'foo', position: 5n, raisedAt: expect.any(Date) }]);
    expect(await marks('bar')).toMatchObject([{ tenantId: 'bar', position: 1n }]);
  });

  it('says until when everything had been committed', async () => {
    const before = Date.now();
    await raiseWatermark('foo');
    const [mark] = await marks('foo');
    expect(mark?.raisedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(mark?.raisedAt.getTime()).toBeLessThanOrEqual(Date.now());
  });
});
