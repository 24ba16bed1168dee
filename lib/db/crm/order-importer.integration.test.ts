import { describe, expect, it } from 'vitest';
import type { OrderDates } from '@/lib/domain/crm/ports';
import { addDays, utcDay } from '@/lib/domain/time';
import { isAnnexError } from '@/lib/errors';
import { bytesOf } from '@/local/testing/database';
import { eachWithOwnTenant } from '@/local/testing/own-tenants';
import { withControl } from '../core/control-scope';
import { withTenant, withTenantConnection } from '../core/tenant-scope';
import { customerStore } from './customer-store';
import { orderImporter } from './order-importer';

let tenantId = '';
eachWithOwnTenant((id) => {
  tenantId = id;
});

const header = 'customer_id,ordered_at,quantity,amount\n';
const importText = (text: string | Uint8Array, pieceBytes?: number, dates?: OrderDates) =>
  orderImporter(tenantId).import(bytesOf(text, pieceBytes), dates);
const orderCount = () => withTenant(tenantId, (tx) => tx.customerOrder.count());

async function refusal(text: string | Uint8Array, dates?: OrderDates): Promise<string> {
  const error = await importText(text, undefined, dates).then(
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
      refunds: 0,
      firstOrderAt: new Date('1997-01-01T23:30:00Z'),
      lastOrderAt: new Date('1997-03-01T00:00:00Z'),
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

  it('creates no duplicates when the file is imported again, and leaves the revision', async () => {
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

  it('ignores empty lines at the end, and only there', async () => {
    expect(await importText(`${header}a,1997-01-01,1,5\r\n\r\n\n`)).toMatchObject({ orders: 1 });
    expect(await refusal(`${header}a,1997-01-01,1,5\n\n\nb,1997-01-01,1,5\n`)).toMatch(
      /^line 3: an empty line/,
    );
    expect(await refusal(`\n${header}a,1997-01-01,1,5\n`)).toMatch(/^line 1: an empty line/);
    expect(await refusal('\n\n')).toMatch(/^The file is empty/);
  });

  it('takes blanks around dates and numbers, and doubled quotation marks', async () => {
    await importText(`${header}"a ""b""", 1997-01-01 , 1 , 5.00 \n`);
    expect((await customerStore(tenantId).get('a "b"'))?.id).toBe('a "b"');
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

  it('leaves statistics of the new rows for the planner', async () => {
    const estimate = async () => {
      const plan = await withTenantConnection(tenantId, (client) =>
        client.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
          `EXPLAIN (FORMAT json) SELECT FROM crm.customer_order WHERE tenant_id = '${tenantId}'`,
        ),
      );
      return plan.rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'];
    };
    await importText(
      header + Array.from({ length: 20_000 }, (_, n) => `c${n % 500},1997-01-01,1,${n}\n`).join(''),
    );
    expect(await estimate()).toBeGreaterThan(10_000);
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

describe('a date', () => {
  const stored = async () => {
    const { orders } = await customerStore(tenantId).orders('a', { limit: 100 });
    return orders.map(({ orderedAt }) => orderedAt.toISOString()).sort();
  };

  it.each<[string, OrderDates, string]>([
    ['2024-01-31', {}, '2024-01-31T00:00:00.000Z'],
    ['2024-01-31T13:00', {}, '2024-01-31T13:00:00.000Z'],
    ['2024-01-31 13:00:05.25', {}, '2024-01-31T13:00:05.250Z'],
    ['2024-01-31T13:00:00Z', {}, '2024-01-31T13:00:00.000Z'],
    ['2024-01-31T13:00+02', {}, '2024-01-31T11:00:00.000Z'],
    ['2024-01-31 13:00:00 -0530', {}, '2024-01-31T18:30:00.000Z'],
    ['2024-01-31T13:00-05:00', { timeZone: 'Europe/Berlin' }, '2024-01-31T18:00:00.000Z'],
    ['2024-01-31T13:00', { timeZone: 'Europe/Berlin' }, '2024-01-31T12:00:00.000Z'],
    ['2024-07-31T13:00', { timeZone: 'Europe/Berlin' }, '2024-07-31T11:00:00.000Z'],
    ['2024-01-31', { timeZone: 'Europe/Berlin' }, '2024-01-31T00:00:00.000Z'],
    ['2024-10-27T01:59:59.9', { timeZone: 'Europe/Berlin' }, '2024-10-26T23:59:59.900Z'],
    ['2024-10-27T03:00', { timeZone: 'Europe/Berlin' }, '2024-10-27T02:00:00.000Z'],
    ['2024-10-27T02:30+02:00', { timeZone: 'Europe/Berlin' }, '2024-10-27T00:30:00.000Z'],
    ['2024-10-27T02:30+01:00', { timeZone: 'Europe/Berlin' }, '2024-10-27T01:30:00.000Z'],
    ['2024-10-27', { timeZone: 'Europe/Berlin' }, '2024-10-27T00:00:00.000Z'],
    ['2024-10-27T02:30', {}, '2024-10-27T02:30:00.000Z'],
    ['2024-04-07T02:00', { timeZone: 'Australia/Lord_Howe' }, '2024-04-06T15:30:00.000Z'],
    ['05.01.2024', { format: '%d.%m.%Y' }, '2024-01-05T00:00:00.000Z'],
    ['5.1.2024 7:05', { format: '%d.%m.%Y %H:%M' }, '2024-01-05T07:05:00.000Z'],
    ['1/5/2024 1:05:09 PM', { format: '%m/%d/%Y %I:%M:%S %p' }, '2024-01-05T13:05:09.000Z'],
    ['1/5/2024 12:05 AM', { format: '%m/%d/%Y %I:%M %p' }, '2024-01-05T00:05:00.000Z'],
    ['5.1.2024 0:05', { format: '%d.%m.%Y %H:%M' }, '2024-01-05T00:05:00.000Z'],
    ['05-Jan-2024', { format: '%d-%b-%Y' }, '2024-01-05T00:00:00.000Z'],
    ['5-Jan-2024', { format: '%d-%b-%Y', timeZone: 'Europe/Berlin' }, '2024-01-05T00:00:00.000Z'],
    ['20240105T1305', { format: '%Y%m%dT%H%M', timeZone: 'America/New_York' }, '2024-01-05T18:05:00.000Z'],
  ])('%s with %j is %s', async (text, dates, instant) => {
    await importText(`${header}a,${text},1,5\n`, undefined, dates);
    expect(await stored()).toEqual([instant]);
  });

  it.each<[string, OrderDates, string]>([
    ['2024-01-05', { format: '%d.%m.%Y' }, 'is not a date in the format %d.%m.%Y'],
    ['05.01.24', { format: '%d.%m.%Y' }, 'is not a date in the format %d.%m.%Y'],
    ['31.02.2024', { format: '%d.%m.%Y' }, 'is not a date in the format %d.%m.%Y'],
    ['01.02.2024 25:00', { format: '%d.%m.%Y %H:%M' }, 'is not a date in the format'],
    ['01.02.2024 24:00', { format: '%d.%m.%Y %H:%M' }, 'is not a date in the format'],
    ['01.02.2024 0:10 PM', { format: '%d.%m.%Y %I:%M %p' }, 'is not a date in the format'],
    ['01.02.2024 13:10 PM', { format: '%d.%m.%Y %I:%M %p' }, '"01.02.2024 13:10 PM" is not a date'],
    ['29.02.2023', { format: '%d.%m.%Y', timeZone: 'Europe/Berlin' }, '"29.02.2023" is not a date'],
    ['2024131', { format: '%Y%m%d' }, 'is not a date in the format'],
    [
      '2024-03-31T02:30',
      { timeZone: 'Europe/Berlin' },
      'does not exist in the time zone, because the clocks skip it',
    ],
    [
      '2011-12-30T12:00',
      { timeZone: 'Pacific/Apia' },
      'does not exist in the time zone, because the clocks skip it',
    ],
    ['2024-10-27T02:00', { timeZone: 'Europe/Berlin' }, 'occurs twice in the time zone'],
    ['2024-10-27 02:59:59.999', { timeZone: 'Europe/Berlin' }, 'occurs twice'],
    ['2024-11-03T01:30', { timeZone: 'America/New_York' }, 'occurs twice'],
    ['2024-04-07T01:45', { timeZone: 'Australia/Lord_Howe' }, 'occurs twice'],
    ['27.10.2024 2:30', { format: '%d.%m.%Y %H:%M', timeZone: 'Europe/Berlin' }, 'occurs twice'],
  ])('%s with %j is refused with its line', async (text, dates, words) => {
    const message = await refusal(`${header}a,${text},1,5\n`, dates);
    expect(message).toContain(words);
    expect(message).toMatch(/^line 2: ordered_at/);
  });

  it.each<[OrderDates, string]>([
    [{ format: '%d.%m.%y' }, 'The date format %d.%m.%y cannot be used'],
    [{ format: '%d.%m' }, 'cannot be used'],
    [{ format: '%Y-%m-%d %I:%M' }, 'cannot be used'],
    [{ format: '%Y-%m-%d %H' }, 'cannot be used'],
    [{ format: '%Y-%m-%d %d' }, 'cannot be used'],
    [{ format: '%Y-%m-%d%' }, 'cannot be used'],
    [{ timeZone: 'UTC+2' }, 'The time zone UTC+2 is unknown'],
    [{ timeZone: '+02:00' }, 'The time zone +02:00 is unknown'],
    [{ timeZone: 'Europe/Atlantis' }, 'is unknown'],
    [{ timeZone: 'IST' }, 'The time zone IST is unknown'],
  ])('cannot be read with %j', async (dates, words) => {
    expect(await refusal(`${header}a,2024-01-01,1,5\n`, dates)).toContain(words);
  });

  it('after today everywhere on earth is accepted only on request', async () => {
    const today = new Date();
    await importText(`${header}a,${utcDay(today)},1,5\n`);
    const tooLate = `${header}a,${utcDay(addDays(today, 2))},1,5\n`;
    expect(await refusal(tooLate)).toMatch(/^line 2: ordered_at must be between 1900 and today/);
    expect(await importText(tooLate, undefined, { allowFuture: true })).toMatchObject({ newOrders: 1 });
  });

  it('leaves as_of when its order is removed: the next import follows what is stored', async () => {
    await importText(`${header}a,2024-01-31,1,5\nb,2024-06-30,1,5\n`);
    await withTenant(tenantId, (tx) => tx.customerOrder.deleteMany({ where: { tenantId, customerId: 'b' } }));
    const summary = await importText(`${header}a,2024-01-31,1,5\n`);
    expect(summary).toMatchObject({ newOrders: 0, asOf: new Date('2024-02-01T00:00:00Z') });
    expect(await customerStore(tenantId).overview()).toMatchObject({
      orders: 1,
      lastOrderAt: new Date('2024-01-31T00:00:00Z'),
      scoring: { state: 'stale' },
    });
    const history = await withTenant(tenantId, (tx) => tx.history.findUniqueOrThrow({ where: { tenantId } }));
    expect(history.revision).toBe(2n);
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

  it('is named the first line with a fault, whoever finds it', async () => {
    const text = (lines: string) => `${header}a,1997-01-01,1,5\n${lines}`;
    expect(await refusal(text('a,1997-01-01,1,5.001\nb,now,1,5\n'))).toMatch(/^line 3: amount must be/);
    expect(await refusal(text('a,now,1,5\nb,1997-01-01,1,5.001\n'))).toMatch(/^line 3: ordered_at "now"/);
    expect(await refusal(text('a,1997-01-01,1,"1e3"'))).toMatch(/^line 3: amount "1e3" is not/);
    expect(await refusal(text('a,1997-01-01,"Ä ""2""",5\n'))).toMatch(/^line 3: quantity "Ä "2"" is not/);
    expect(await orderCount()).toBe(0);
  });

  it.each([
    ['a,01/02/1997,1,5', 'ordered_at "01/02/1997" is not a date'],
    ['a,1997-02-30,1,5', 'ordered_at "1997-02-30" is not a date'],
    ['a,2997-01-01,1,5', 'ordered_at must be between 1900 and today'],
    ['a,infinity,1,5', 'ordered_at "infinity" is not a date'],
    ['a,now,1,5', 'ordered_at "now" is not a date'],
    ['a,05.01.24,1,5', 'ordered_at "05.01.24" is not a date'],
    ['a,05-Jan-24,1,5', 'ordered_at "05-Jan-24" is not a date'],
    ['a,10.11.12,1,5', 'ordered_at "10.11.12" is not a date'],
    ['a,Wed Jan 31 2024 13:00:00 GMT+0100,1,5', 'is not a date'],
    ['a,2024-01-31 13:00 UTC+2,1,5', 'is not a date'],
    ['a,2024-01-31 13:00 GMT-05:00,1,5', 'is not a date'],
    ['a,2024-01-31T24:00,1,5', 'is not a date'],
    ['a,2024-01-31T13:00:60,1,5', 'is not a date'],
    ['a,2024-1-31,1,5', 'is not a date'],
    ['a,20240131,1,5', 'is not a date'],
    ['a,1997-01-01,0,5', 'quantity must be between'],
    ['a,1997-01-01,1.5,5', 'quantity "1.5" is not a whole number'],
    ['a,1997-01-01,99999999999,5', 'quantity "99999999999" is not a whole number'],
    ['a,1997-01-01,0x10,5', 'quantity "0x10" is not a whole number'],
    ['a,1997-01-01,1_000,5', 'quantity "1_000" is not a whole number'],
    ['a,1997-01-01,-1,5', 'quantity is negative, but amount is not'],
    ['a,1997-01-01,-1,-0.00', 'quantity is negative, but amount is not'],
    ['a,1997-01-01,-1000001,-5', 'quantity must be between'],
    ['a,1997-01-01,1,0x3', 'amount "0x3" is not a decimal number'],
    ['a,1997-01-01,1,1_0.50', 'amount "1_0.50" is not a decimal number'],
    ['a,1997-01-01,1,1e3', 'amount "1e3" is not a decimal number'],
    ['a,1997-01-01,1,-1000000000000', 'amount must be between'],
    [
      'a,1997-01-01,1,5.001',
      'amount must be between -999,999,999,999.99 and 999,999,999,999.99 with at most two decimals',
    ],
    ['a,1997-01-01,1,NaN', 'amount "NaN" is not a decimal number'],
    ['a,1997-01-01,1,"5,00"', 'amount "5,00" is not a decimal number'],
    [',1997-01-01,1,5', 'customer_id is missing'],
    [' a,1997-01-01,1,5', 'customer_id is blank, has leading or trailing spaces'],
    ['"",1997-01-01,1,5', 'customer_id is blank'],
    ['"a\t",1997-01-01,1,5', 'customer_id contains an invisible character'],
    ['"\u00a0",1997-01-01,1,5', 'customer_id contains an invisible character'],
    ['\u200b,1997-01-01,1,5', 'customer_id contains an invisible character'],
    ['a\u{e0041},1997-01-01,1,5', 'customer_id contains an invisible character'],
    [`${'x'.repeat(129)},1997-01-01,1,5`, 'longer than 128 characters'],
    ['a,1997-01-01,1', 'too few columns'],
    ['a,1997-01-01,1,5,6', 'too many columns'],
    ['', 'an empty line'],
    ['p3",1997-01-01,1,5', 'a quotation mark inside a value'],
    ['a"b",1997-01-01,1,5', 'a quotation mark inside a value'],
    ['"a"b,1997-01-01,1,5', 'there is text after the closing quotation mark of a value'],
    ['"a\nb",1997-01-01,1,5', 'a quotation mark is never closed'],
    ['"a,1997-01-01,1,5', 'a quotation mark is never closed'],
  ])('says what is wrong (case %#)', async (line, words) => {
    const message = await refusal(`${header}a,1997-01-01,1,5\n${line}\nb,1997-01-01,1,5\n`);
    expect(message).toContain(words);
    expect(message).toMatch(/^line 3: /);
    expect(await orderCount()).toBe(0);
  });

  it.each<[string | Uint8Array, string]>([
    ['', 'The file is empty'],
    ['\uFEFF', 'must name'],
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
    ['a\n', 'it has 1 column, not 4'],
    [`${header}a,1997-01-01,1,5\rb,1997-01-01,1,5\r`, 'line 2: a line ends with CR only'],
    [
      `${header}a,1997-01-01,1,5\nb,1997-01-01,1,5\n`.replaceAll('\n', '\r'),
      'line 1: a line ends with CR only',
    ],
  ])('says what it expects (case %#)', async (file, words) => {
    expect(await refusal(file)).toContain(words);
    expect(await orderCount()).toBe(0);
  });

  it('is refused at the line where a quotation begins, wherever chunks are cut', async () => {
    const file = `${header}${good(2)}"c2,1997-01-01,1,5.00\n${good(20)}`;
    for (const pieceBytes of [1, 3, 1000]) {
      await expect(importText(file, pieceBytes)).rejects.toMatchObject({
        message: expect.stringMatching(/^line 4: a quotation mark is never closed/),
      });
    }
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
