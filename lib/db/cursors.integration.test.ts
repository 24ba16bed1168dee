import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '@/lib/domain/cursor';
import { type SortDirection, sortDirections } from '@/lib/domain/sort-direction';
import { type TenantSort, tenantSorts } from '@/lib/domain/tenants/ports';
import { isAnnexError } from '@/lib/errors';
import { startTestDatabase } from '@/local/testing/database';
import { customerPosition } from './crm/customer-pages';
import { customerStore } from './crm/customer-store';
import { orderPosition } from './crm/order-pages';
import { tenantDirectory } from './tenants/tenant-directory';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
beforeAll(async () => {
  database = await startTestDatabase(['foo']);
  await database.as('admin', (admin) =>
    admin.query(`INSERT INTO crm.customer (tenant_id, id) VALUES ('foo', 'a'), ('foo', 'b'), ('foo', 'c')`),
  );
});
afterAll(() => database?.stop());

/** What a cursor leads to: a page, or `invalid`. Everything else is thrown. */
async function reads(read: () => Promise<unknown>): Promise<'page' | 'invalid'> {
  try {
    await read();
    return 'page';
  } catch (error) {
    if (isAnnexError(error, 'invalid')) return 'invalid';
    throw error;
  }
}

/** Text as somebody may send it: with NUL, lone surrogates, very long. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', '\ud800', '\udfff\ud800', 'x'.repeat(5000), '1e999', 'infinity', 'now'),
);
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.maxSafeInteger());

const instants = [
  '2025-02-31T00:00:00',
  '0000-01-01T00:00:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999',
];
const amounts = ['1', '-0.5', '9'.repeat(30), `1.${'9'.repeat(20)}`, '1e5', 'NaN', '0x10'];

it('of orders leads to a page or is refused, whatever it holds', async () => {
  const position = fc.tuple(
    fc.oneof(
      text,
      fc.constantFrom(...instants),
      fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
    ),
    number,
    fc.oneof(text, fc.constantFrom(...amounts)),
    number,
  );
  await fc.assert(
    fc.asyncProperty(position, async (given) => {
      const cursor = encodeCursor({ d: given[1] % 2 === 0 ? 'n' : 'p', k: given });
      const expected = orderPosition.safeParse(JSON.parse(JSON.stringify(given))).success
        ? 'page'
        : 'invalid';
      expect(await reads(() => customerStore('foo').orders('a', { limit: 2, cursor, placed: true }))).toBe(
        expected,
      );
    }),
    { numRuns: 300 },
  );
  for (const at of instants) {
    for (const amount of amounts) {
      const cursor = encodeCursor({ d: 'n', k: [at, 2 ** 31 - 1, amount, -(2 ** 31)] });
      await reads(() => customerStore('foo').orders('a', { limit: 2, cursor, placed: true }));
    }
  }
});

it('of customers leads to a page or is refused, whatever it holds', async () => {
  const first = await customerStore('foo').list({ sort: 'risk', direction: 'desc', limit: 1 });
  const { l: listByRisk } = decodeCursor(customerPosition, first.next ?? '');
  const position = fc.record({
    // The fingerprint of a list by risk: a list by another order has another.
    l: fc.constantFrom(listByRisk, 'x'),
    d: fc.constantFrom('n', 'p'),
    s: fc.constantFrom('keyed', 'unkeyed', 'x'),
    k: fc.option(number),
    i: text,
    r: fc.option(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1 }) }, number), { nil: undefined }),
    e: fc.option(text, { nil: undefined }),
  });
  let pages = 0;
  await fc.assert(
    fc.asyncProperty(position, async (given) => {
      const cursor = encodeCursor(given);
      const query = { sort: 'risk', direction: 'desc', limit: 2, cursor } as const;
      const fate = await reads(() => customerStore('foo').list(query));
      const fits = customerPosition.safeParse(JSON.parse(JSON.stringify(given))).success;
      if (!fits || given.l !== listByRisk) expect(fate).toBe('invalid');
      if (fate === 'page') pages += 1;
    }),
    { numRuns: 300 },
  );
  expect(pages).toBeGreaterThan(50);
});

it('of tenants leads to a page or is refused, whatever it holds', async () => {
  await database.as('admin', (admin) => admin.query(`INSERT INTO tenant (id, name) VALUES ('bar', 'Bar')`));
  const lists: { sort: TenantSort; direction: SortDirection; l: string | undefined }[] = [];
  for (const sort of tenantSorts) {
    for (const direction of sortDirections) {
      const { next } = await tenantDirectory().list({ sort, direction, limit: 1 });
      lists.push({ sort, direction, l: decodeCursor(z.object({ l: z.string() }), next ?? '').l });
    }
  }
  expect(new Set(lists.map(({ l }) => l)).size).toBe(4);
  let pages = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.array(fc.oneof(text, number), { maxLength: 3 }),
        fc.tuple(fc.oneof(text, fc.constantFrom(...instants), fc.constant('2026-01-01T00:00:00.000Z')), text),
      ),
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom('n', 'p') }, fc.constantFrom('x', null)),
      fc.constantFrom(...lists),
      fc.constantFrom(...lists, { l: undefined }),
      async (k, d, { sort, direction }, { l }) => {
        const cursor = encodeCursor({ d, k, l });
        const query = { sort, direction, cursor, limit: 2 };
        const fate = await reads(() => tenantDirectory().list(query));
        const own = lists.find((list) => list.sort === sort && list.direction === direction)?.l === l;
        if (k.length !== 2 || (d !== 'n' && d !== 'p') || !own) expect(fate).toBe('invalid');
        if (fate === 'page') pages += 1;
      },
    ),
    { numRuns: 600 },
  );
  expect(pages).toBeGreaterThan(20);
});
