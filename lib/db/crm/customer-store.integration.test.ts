import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '@/lib/domain/crm/ports';
import { bandOf } from '@/lib/domain/crm/risk-bands';
import { decodeCursor, encodeCursor } from '@/lib/domain/cursor';
import { bytesOf, startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { bandNumbers } from '../churn/band-numbers';
import { withTenant } from '../core/tenant-scope';
import type { Transaction } from '../core/transaction';
import type { Prisma } from '../generated/client';
import { expectedIds, listCases, walk } from '../testing/fake-customer-list';
import { customerPosition } from './customer-pages';
import { customerStore } from './customer-store';
import { orderImporter } from './order-importer';

let postgres: TestDatabase;
const store = customerStore('foo');
const total = 240;

beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar', 'new', 'big', 'odd']);
  await withTenant('foo', fill);
});
afterAll(() => postgres?.stop());

/** 240 customers: most scored, with many equal keys; some with features alone; some with neither. */
async function fill(tx: Prisma.TransactionClient): Promise<void> {
  const all = Array.from({ length: total }, (_, n) => n);
  await tx.customer.createMany({
    data: all.map((n) => ({
      tenantId: 'foo',
      id: n % 3 === 0 ? `C${n}` : `c${String(n).padStart(4, '0')}`,
      name: n % 5 === 0 ? null : `${n % 2 ? 'Ada' : 'ÉMILE'} van  der Berg${n % 7}`,
      email: n % 4 === 0 ? `User${n}@Example.com` : null,
    })),
  });
  const ids = await tx.customer.findMany({ select: { id: true }, orderBy: { createdAt: 'asc' } });
  const scored = ids.slice(0, 220);
  await tx.customerScore.createMany({
    data: scored.map(({ id }, n) => {
      const probability = n < 200 ? ((n * 7) % 20) / 20 : null;
      return {
        tenantId: 'foo',
        customerId: id,
        recencyDays: (n * 13) % 30,
        frequency: 1 + (n % 4),
        monetaryMean: n / 3,
        tenureDays: 100 + n,
        orders90d: n % 3,
        spend90d: n % 2 ? 0 : n / 7,
        gapMeanDays: n / 9,
        tickets90d: 0,
        probability,
        source: probability === null ? null : 'default',
        version: probability === null ? null : 'v1',
        scoredAt: probability === null ? null : new Date('2020-01-01T00:00:00Z'),
      };
    }),
  });
  const [low, medium, high] = [80, 60, 60];
  await tx.history.create({
    data: {
      tenantId: 'foo',
      revision: 2,
      scoredRevision: 1,
      revisedAt: new Date(5000),
      scoredAt: new Date(4000),
      customers: total,
      featured: 220,
      bandLow: low,
      bandMedium: medium,
      bandHigh: high,
    },
  });
}

const everyCustomer = async (): Promise<Customer[]> => {
  const found: Customer[] = [];
  for await (const customer of store.export({ sort: 'id', direction: 'asc' })) found.push(customer);
  return found;
};

describe('paging through the customers', () => {
  const searches = [undefined, 'ada', 'C1', 'émile van', 'user2', 'berg3 é', '%'];
  it.each(listCases())(
    'by $sort $direction in band $band gives every row once, in order, there and back',
    async (query) => {
      const customers = await everyCustomer();
      expect(customers).toHaveLength(total);
      for (const search of searches) {
        const whole = expectedIds(customers, { ...query, search });
        const { forward, backward, placed } = await walk(store, { ...query, search, limit: 37 });
        expect(placed, `search ${search}, places`).toBe(search === undefined ? 1 : 0);
        expect(forward, `search ${search}`).toEqual(whole);
        expect(backward, `search ${search}, back`).toEqual(whole);
      }
      expect(expectedIds(customers, query).length).toBeGreaterThan(30);
    },
  );

  it('ends exactly where the rows end', async () => {
    const page = await store.list({ sort: 'risk', direction: 'desc', limit: total });
    expect(page).toMatchObject({ next: null, previous: null });
    expect(page.customers).toHaveLength(total);
  });

  it('refuses a cursor that is garbled or belongs to another list', async () => {
    const { next } = await store.list({ sort: 'risk', direction: 'desc', limit: 5 });
    for (const query of [
      { sort: 'risk', direction: 'asc', cursor: next ?? '' },
      { sort: 'risk', direction: 'desc', search: 'ada', cursor: next ?? '' },
      { sort: 'risk', direction: 'desc', cursor: 'nonsense' },
    ] as const) {
      await expect(store.list({ ...query, limit: 5 })).rejects.toMatchObject({ code: 'invalid' });
    }
  });

  it('says no place once the list has changed, or by a cursor with another rank', async () => {
    const list = (cursor?: string) => store.list({ sort: 'risk', direction: 'desc', limit: 100, cursor });
    const { next } = await list();
    const second = await list(next ?? '');
    expect(second.place).toEqual({ first: 101, total });
    const position = decodeCursor(customerPosition, second.next ?? '');
    for (const r of [199, 201, total, 2 ** 40]) {
      const page = await list(encodeCursor({ ...position, r }));
      expect(page.customers).toHaveLength(40);
      expect(page.place).toBeNull();
    }
    for (const r of [0, -1, 1.5, '3']) {
      await expect(list(encodeCursor({ ...position, r }))).rejects.toMatchObject({ code: 'invalid' });
    }
    await withTenant('foo', (tx) =>
      tx.history.update({ where: { tenantId: 'foo' }, data: { scoredAt: new Date(4001) } }),
    );
    expect(await list(next ?? '')).toMatchObject({ customers: second.customers, place: null });
    await withTenant('foo', (tx) =>
      tx.history.update({ where: { tenantId: 'foo' }, data: { scoredAt: new Date(4000) } }),
    );
  });

  it('gives another tenant nothing by this tenant’s cursor', async () => {
    const { next } = await store.list({ sort: 'id', direction: 'asc', limit: 5 });
    expect(
      await customerStore('bar').list({ sort: 'id', direction: 'asc', limit: 5, cursor: next ?? '' }),
    ).toMatchObject({ customers: [], next: null });
  });
});

it.each(['customer_score', 'model_score'])('%s.band is the domain’s band of a probability', async (table) => {
  const around = [0.4, 0.7].flatMap((from) => [-1, 0, 1].map((ulps) => from + ulps * (Number.EPSILON / 2)));
  const probabilities = [...Array.from({ length: 1001 }, (_, n) => n / 1000), ...around];
  const banded = await postgres.as('admin', async (admin) => {
    const { rows } = await admin.query<{ generated: string }>(
      `SELECT pg_get_expr(adbin, adrelid) AS generated FROM pg_attrdef
       JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE adrelid = $1::regclass AND attname = 'band'`,
      [`crm.${table}`],
    );
    return admin.query<{ probability: number; band: number }>(
      `SELECT probability, ${rows[0]?.generated} AS band FROM unnest($1::float8[]) AS given (probability)`,
      [probabilities],
    );
  });
  expect(banded.rows).toEqual(
    probabilities.map((probability) => ({ probability, band: bandNumbers[bandOf(probability)] })),
  );
});

describe('with more matches than are fetched at once', () => {
  const big = customerStore('big');
  const count = 2600;

  beforeAll(async () => {
    const numbers = Array.from({ length: count }, (_, n) => n);
    const idOf = (n: number) => `x${String((n * 7919) % count).padStart(5, '0')}`;
    const fill = async (tx: Transaction) => {
      await tx.customer.createMany({
        data: numbers.map((n) => ({ tenantId: 'big', id: idOf(n), email: n % 2 ? 'even@x.example' : null })),
      });
      await tx.customerScore.createMany({
        data: numbers.slice(0, 2500).map((n) => ({
          tenantId: 'big',
          customerId: idOf(n),
          recencyDays: n % 90,
          frequency: n % 7,
          monetaryMean: n % 30,
          tenureDays: 1,
          orders90d: n % 3,
          spend90d: n % 50,
          gapMeanDays: 0,
          tickets90d: 0,
          probability: (n % 100) / 100,
          source: 'default',
          version: 'v1',
          scoredAt: new Date(0),
        })),
      });
      // As if the bands were too large to be fetched and sorted.
      await tx.history.create({
        data: {
          tenantId: 'big',
          revision: 1,
          customers: count,
          featured: 2490,
          bandLow: 9000,
          bandMedium: 9000,
          bandHigh: 9000,
        },
      });
    };
    // On a busy machine this takes longer than a page may.
    await withTenant('big', fill, { timeoutMs: 300_000 });
  });

  it.each(listCases().filter(({ direction }) => direction === 'desc'))(
    'by $sort in band $band the walk along the index gives the same list',
    async (query) => {
      const customers: Customer[] = [];
      for await (const customer of big.export({ sort: 'id', direction: 'asc' })) customers.push(customer);
      for (const search of ['x', 'x0 even']) {
        // The kept counts say that nobody lacks a score: a list by risk then ends with the last score.
        const whole = expectedIds(customers, { ...query, search }).filter(
          (id) => query.sort !== 'risk' || customers.find((one) => one.id === id)?.score,
        );
        const { forward, backward } = await walk(big, { ...query, search, limit: 700 });
        expect(forward).toEqual(whole);
        expect(backward).toEqual(whole);
      }
    },
  );
});

describe('an unusual id', () => {
  const odd = [
    '.',
    '..',
    'compare',
    'export',
    'ACME 12',
    'ACME 120',
    'ACME  12',
    '50%',
    '500',
    'a_b',
    'aXb',
    'a\\b',
    '~x',
    'ÉCOLE 1',
    'école 12',
    'Ωmega',
    'ẞ',
    `${'x'.repeat(127)}Y`,
  ];

  beforeAll(async () => {
    const lines = odd.map((id) => `"${id}",2024-01-31,1,5`);
    await orderImporter('odd').import(
      bytesOf(`customer_id,ordered_at,quantity,amount\n${lines.join('\n')}\n`),
    );
  });

  it.each(odd)('%s is found by itself, in any case', async (id) => {
    const found = async (search: string) => {
      const { customers } = await customerStore('odd').list({
        sort: 'id',
        direction: 'asc',
        limit: 50,
        search,
      });
      return customers.map((customer) => customer.id);
    };
    const begins = odd.filter((one) => one.toLowerCase().startsWith(id.toLowerCase())).toSorted();
    expect(await found(id)).toEqual(begins);
    expect(await found(id.toUpperCase())).toEqual(begins);
    expect((await customerStore('odd').get(id))?.id).toBe(id);
    expect((await customerStore('odd').orders(id, { limit: 9 })).orders).toHaveLength(1);
  });
});

describe('export', () => {
  it.each([
    { sort: 'risk', direction: 'desc' },
    { sort: 'spend', direction: 'asc', band: 'high' },
    { sort: 'id', direction: 'desc', search: 'ada' },
  ] as const)('streams what the list shows: %o', async (query) => {
    const ids: string[] = [];
    for await (const { id } of store.export(query)) ids.push(id);
    expect(ids).toEqual(expectedIds(await everyCustomer(), query));
  });

  it('keeps one snapshot, and lets its connection go when the reader turns away', async () => {
    for (let n = 0; n < 12; n += 1) {
      for await (const customer of store.export({ sort: 'id', direction: 'asc' })) {
        expect(customer.id).toBeTruthy();
        break;
      }
    }
    expect(await everyCustomer()).toHaveLength(total);
  });
});

describe('one customer', () => {
  it('has features and score as far as they are known', async () => {
    const [first] = await everyCustomer();
    expect(await store.get(first?.id ?? '')).toEqual(first);
    expect(first?.score).toMatchObject({
      source: 'default',
      version: 'v1',
      scoredAt: new Date('2020-01-01T00:00:00Z'),
    });
    expect(await store.get('nobody')).toBeNull();
    expect(await store.get('c0239')).toMatchObject({ features: null, score: null });
  });

  it('has orders page by page, newest first, identical ones each', async () => {
    const lines = [
      'a,1997-01-01,1,5',
      'a,1997-01-01,1,5',
      'a,1997-01-01T10:00:00.000001Z,2,7.25',
      'a,1997-01-01T10:00:00.000002Z,2,7.25',
      'b,1999-01-01,1,1',
      'a,1996-05-05,9,0.10',
    ];
    await orderImporter('bar').import(
      bytesOf(`customer_id,ordered_at,quantity,amount\n${lines.join('\n')}\n`),
    );
    const bar = customerStore('bar');
    const found = [];
    const places = [];
    const previous = [];
    let cursor: string | undefined;
    do {
      const page = await bar.orders('a', { limit: 2, cursor, placed: true });
      found.push(...page.orders);
      places.push(page.place);
      previous.push(page.previous);
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(places).toEqual([1, 3, 5].map((first) => ({ first, total: 5 })));
    expect(previous[0]).toBeNull();
    const back = await bar.orders('a', { limit: 2, cursor: previous[2] ?? '', placed: true });
    expect(back).toMatchObject({ orders: found.slice(2, 4), place: { first: 3, total: 5 } });
    expect((await bar.orders('a', { limit: 2, cursor: back.next ?? '' })).orders).toEqual(found.slice(4));
    const start = await bar.orders('a', { limit: 2, cursor: back.previous ?? '' });
    expect(start).toMatchObject({ orders: found.slice(0, 2), previous: null, place: null });
    expect(found.map(({ quantity, amount }) => [quantity, amount])).toEqual([
      [2, 7.25],
      [2, 7.25],
      [1, 5],
      [1, 5],
      [9, 0.1],
    ]);
    expect(found.at(-1)?.orderedAt).toEqual(new Date('1996-05-05T00:00:00Z'));
    await expect(bar.orders('a', { limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('the overview', () => {
  it('is empty before anything is imported', async () => {
    expect(await customerStore('new').overview()).toEqual({
      customers: 0,
      orders: 0,
      asOf: null,
      firstOrderAt: null,
      lastOrderAt: null,
      importedAt: null,
      histogram: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      bands: { low: 0, medium: 0, high: 0 },
      scoring: { state: 'none' },
      source: { kind: 'default' },
    });
  });

  it('says whether the scores are of these orders', async () => {
    const stateAfter = async (data: Prisma.HistoryUpdateInput) => {
      await withTenant('foo', (tx) => tx.history.update({ where: { tenantId: 'foo' }, data }));
      return (await store.overview()).scoring;
    };
    expect((await store.overview()).scoring).toEqual({ state: 'stale', since: new Date(5000) });
    expect(await stateAfter({ scoredRevision: 2, scoreVersion: 'v1' })).toEqual({
      state: 'scored',
      scoredAt: new Date(4000),
      uncertainty: null,
      version: 'v1',
    });
    expect(await stateAfter({ unfittedReason: 'too few' })).toEqual({
      state: 'unfitted',
      reason: 'too few',
      at: new Date(4000),
    });
  });
});
