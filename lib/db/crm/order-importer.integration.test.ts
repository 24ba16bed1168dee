import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAnnexError } from '@/lib/errors';
import { bytesOf, startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { customerStore } from './customer-store';
import { orderImporter } from './order-importer';

let postgres: TestDatabase;
let tenantId = '';
let tenants = 0;

beforeAll(async () => {
  postgres = await startTestDatabase([]);
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  tenants += 1;
  tenantId = `t${tenants}x`;
  await withControl((tx) => tx.tenant.create({ data: { id: tenantId, name: tenantId } }));
});

const header = 'customer_id,ordered_at,quantity,amount\n';
const importText = (text: string | Uint8Array, pieceBytes?: number) =>
  orderImporter(tenantId).import(bytesOf(text, pieceBytes));
const orderCount = () => withTenant(tenantId, (tx) => tx.customerOrder.count());

async function refusal(text: string | Uint8Array): Promise<string> {
  const error = await importText(text).then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!isAnnexError(error, 'invalid')) throw new Error(`not refused as invalid: ${error}`);
  return error.message;
}

describe('importing orders', () => {
  it('counts what is in the file and what is new, and takes the day after the last order as as_of', async () => {
    const summary = await importText(
      `${header}b,1997-01-02,1,10.50\na,1997-03-01,2,3\na,1997-01-01T23:30:00Z,1,0\n`,
    );
    expect(summary).toEqual({
      orders: 3,
      customers: 2,
      newOrders: 3,
      newCustomers: 2,
      asOf: new Date('1997-03-02T00:00:00Z'),
    });
    const overview = await customerStore(tenantId).overview();
    expect(overview).toMatchObject({
      customers: 2,
      orders: 3,
      asOf: summary.asOf,
      firstOrderAt: new Date('1997-01-01T23:30:00Z'),
      lastOrderAt: new Date('1997-03-01T00:00:00Z'),
      scoring: { state: 'stale' },
    });
  });

  it('doubles nothing when the file comes again, and leaves the revision', async () => {
    const file = `${header}a,1997-01-01,1,5\na,1997-01-01,1,5\nb,1997-01-02,1,5\n`;
    expect(await importText(file)).toMatchObject({ orders: 3, newOrders: 3 });
    expect(await importText(file)).toMatchObject({ orders: 3, customers: 2, newOrders: 0, newCustomers: 0 });
    expect(await orderCount()).toBe(3);
    const history = await withTenant(tenantId, (tx) => tx.history.findUniqueOrThrow({ where: { tenantId } }));
    expect(history).toMatchObject({ revision: 1n, orders: 3n, customers: 2n });
  });

  it('adds to what is there: new orders, new customers, one more of an identical order', async () => {
    await importText(`${header}a,1997-02-01,1,5\n`);
    const summary = await importText(`${header}a,1997-02-01,1,5\na,1997-02-01,1,5\nc,1996-12-31,1,1\n`);
    expect(summary).toMatchObject({
      orders: 3,
      customers: 2,
      newOrders: 2,
      newCustomers: 1,
      asOf: new Date('1997-02-02T00:00:00Z'),
    });
    const history = await withTenant(tenantId, (tx) => tx.history.findUniqueOrThrow({ where: { tenantId } }));
    expect(history).toMatchObject({
      revision: 2n,
      orders: 3n,
      customers: 2n,
      firstOrderAt: new Date('1996-12-31T00:00:00Z'),
    });
  });

  it('counts customers that were there before the first import', async () => {
    await withTenant(tenantId, (tx) =>
      tx.customer.createMany({
        data: [
          { tenantId, id: 'a', name: 'Ada' },
          { tenantId, id: 'z' },
        ],
      }),
    );
    expect(await importText(`${header}a,1997-01-01,1,5\nb,1997-01-01,1,5\n`)).toMatchObject({
      customers: 2,
      newCustomers: 1,
    });
    expect((await customerStore(tenantId).overview()).customers).toBe(3);
    expect((await customerStore(tenantId).get('a'))?.name).toBe('Ada');
  });

  it('takes a byte order mark, CR LF, mixed line ends, quotes, no last line end and any cut of the stream', async () => {
    const file = `\uFEFFcustomer_id,ordered_at,quantity,amount\r\n"a, b",1997-01-01,1,5.00\r\nÄ,1997-01-02,2,6.10\nc,1997-01-03,3,7`;
    for (const pieceBytes of [1, 2, 7]) await importText(file, pieceBytes);
    const ids = await withTenant(tenantId, (tx) =>
      tx.customer.findMany({ select: { id: true }, orderBy: { id: 'asc' } }),
    );
    expect(ids.map(({ id }) => id)).toEqual(['a, b', 'c', 'Ä']);
    expect(await orderCount()).toBe(3);
  });

  it('keeps imports that come at the same time apart', async () => {
    const file = (from: number) =>
      header +
      Array.from({ length: 500 }, (_, n) => `c${(from + n) % 600},1997-01-0${1 + (n % 9)},1,5\n`).join('');
    const summaries = await Promise.all([importText(file(0)), importText(file(0)), importText(file(0))]);
    expect(summaries.map(({ newOrders }) => newOrders).sort()).toEqual([0, 0, 500]);
    expect(await orderCount()).toBe(500);
    expect((await customerStore(tenantId).overview()).orders).toBe(500);
  });

  it('does not touch another tenant', async () => {
    const other = tenantId;
    await importText(`${header}a,1997-01-01,1,5\n`);
    tenantId = 'other';
    await withControl((tx) => tx.tenant.create({ data: { id: tenantId, name: tenantId } }));
    expect(await importText(`${header}a,1997-01-01,1,5\n`)).toMatchObject({ newOrders: 1, newCustomers: 1 });
    expect((await customerStore(other).overview()).orders).toBe(1);
  });

  it('refuses a tenant that does not exist', async () => {
    await expect(orderImporter('nobody').import(bytesOf(`${header}a,1997-01-01,1,5\n`))).rejects.toThrow();
    expect(await withTenant('nobody', (tx) => tx.customerOrder.count())).toBe(0);
  });
});

describe('a file that is refused', () => {
  const good = (lines: number) =>
    Array.from({ length: lines }, (_, n) => `c${n},1997-01-01,1,5.00\n`).join('');

  it('is named the line of the fault, and nothing of it is kept', async () => {
    await importText(`${header}a,1997-01-01,1,5\n`);
    const message = await refusal(`${header}${good(39_999)}bad,1997-01-01,one,5\n${good(10)}`);
    expect(message).toBe(
      'line 40001: quantity "one" is not a whole number. Nothing from the file was imported.',
    );
    expect(await orderCount()).toBe(1);
    expect(await withTenant(tenantId, (tx) => tx.customer.count())).toBe(1);
    expect((await customerStore(tenantId).overview()).orders).toBe(1);
  });

  it.each([
    ['a,01/02/1997,1,5', 'ordered_at "01/02/1997" is not a date'],
    ['a,1997-02-30,1,5', 'ordered_at "1997-02-30" is not a date'],
    ['a,2997-01-01,1,5', 'ordered_at must be between 1900 and today'],
    ['a,infinity,1,5', 'ordered_at must be between'],
    ['a,1997-01-01,0,5', 'quantity must be between'],
    ['a,1997-01-01,1.5,5', 'quantity "1.5" is not a whole number'],
    ['a,1997-01-01,99999999999,5', 'quantity "99999999999" is not a whole number'],
    ['a,1997-01-01,1,-5', 'amount must be between'],
    ['a,1997-01-01,1,5.001', 'amount must be between 0 and 999,999,999,999.99 with at most two decimals'],
    ['a,1997-01-01,1,NaN', 'amount must be between'],
    ['a,1997-01-01,1,"5,00"', 'amount "5,00" is not a number'],
    [',1997-01-01,1,5', 'customer_id is missing'],
    [' a,1997-01-01,1,5', 'customer_id is blank, has leading or trailing spaces'],
    [`${'x'.repeat(129)},1997-01-01,1,5`, 'longer than 128 characters'],
    ['a,1997-01-01,1', 'too few columns'],
    ['a,1997-01-01,1,5,6', 'too many columns'],
    ['', 'too few columns'],
    ['"a,1997-01-01,1,5', 'a quotation mark is never closed'],
  ])('says what is wrong (case %#)', async (line, words) => {
    const message = await refusal(`${header}a,1997-01-01,1,5\n${line}\nb,1997-01-01,1,5\n`);
    expect(message).toContain(words);
    expect(message).toMatch(/^line [345]: /);
    expect(await orderCount()).toBe(0);
  });

  it.each<[string | Uint8Array, string]>([
    ['', 'The file is empty'],
    ['\uFEFF', 'must be'],
    [header, 'no orders'],
    [
      'customer,ordered_at,quantity,amount\na,1997-01-01,1,5\n',
      'line 1: the first line must be customer_id,ordered_at,quantity,amount; column 1 is "customer", not "customer_id"',
    ],
    ['a,1997-01-01,1\n', 'it has 3 columns, not 4'],
    [`${header}${'x'.repeat(70_000)}`, 'line 2: longer than'],
    [Uint8Array.of(0xff, 0xfe, 0x61, 0), 'UTF-16'],
    [
      Buffer.concat([Buffer.from(`${header}a`), Buffer.from([0xe9]), Buffer.from(',1997-01-01,1,5\n')]),
      'line 2: not UTF-8',
    ],
    [`${header}a,1997-01-01,1,5\rb,1997-01-01,1,5\r`, 'CR only'],
  ])('says what it expects (case %#)', async (file, words) => {
    expect(await refusal(file)).toContain(words);
    expect(await orderCount()).toBe(0);
  });

  it('is let go of when its source fails half-way, and the connection serves the next', async () => {
    async function* failing() {
      yield Buffer.from(`${header}a,1997-01-01,1,5\n`);
      throw new Error('the disk went away');
    }
    for (let n = 0; n < 6; n += 1) {
      await expect(orderImporter(tenantId).import(failing())).rejects.toThrow('the disk went away');
    }
    expect(await importText(`${header}a,1997-01-01,1,5\n`)).toMatchObject({ newOrders: 1 });
  });
});
