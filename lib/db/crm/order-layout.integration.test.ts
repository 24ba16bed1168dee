import { describe, expect, it } from 'vitest';
import type { OrderLayout, OrderReading } from '@/lib/domain/crm/ports';
import { bytesOf } from '@/local/testing/database';
import { eachWithOwnTenant } from '@/local/testing/own-tenants';
import { withTenant } from '../core/tenant-scope';
import { orderImporter } from './order-importer';

let tenantId = '';
eachWithOwnTenant((id) => {
  tenantId = id;
});

const german: OrderLayout = {
  customerId: 'Kunde',
  orderedAt: 'Datum',
  quantity: 'Menge',
  amount: 'Betrag',
  separator: ';',
  decimal: ',',
};
const reading: OrderReading = { layout: german, format: '%d.%m.%Y' };
const file =
  'Betrag;Notiz;Datum;"Kunde";Menge;Filiale\n' +
  '12,50;"a;""b""";31.01.2024;k1;2;Mitte\n' +
  '-3,00;;01.02.2024;"k;2";1;\n' +
  '7;x;29.02.2024;k1;1;Süd\n';

const stored = () =>
  withTenant(tenantId, (tx) =>
    tx.customerOrder.findMany({ where: { tenantId }, orderBy: [{ orderedAt: 'asc' }] }),
  );
const refusal = (text: string, given: OrderReading = reading) =>
  orderImporter(tenantId)
    .import(bytesOf(text), given)
    .then(
      () => 'imported',
      (error: Error) => error.message,
    );

describe('a file with columns of its own', () => {
  it('is read by their names in any order, wherever chunks are cut; other columns are left out', async () => {
    for (const pieceBytes of [1, 3, 7, 1000]) {
      const summary = await orderImporter(tenantId).import(bytesOf(file, pieceBytes), reading);
      expect(summary).toMatchObject({ orders: 3, customers: 2, newOrders: pieceBytes === 1 ? 3 : 0 });
    }
    expect(
      (await stored()).map(({ customerId, orderedAt, quantity, amount }) => [
        customerId,
        orderedAt.toISOString().slice(0, 10),
        quantity,
        Number(amount),
      ]),
    ).toEqual([
      ['k1', '2024-01-31', 2, 12.5],
      ['k;2', '2024-02-01', 1, -3],
      ['k1', '2024-02-29', 1, 7],
    ]);
  });

  it('counts one item for each order where none are told', async () => {
    const layout = { ...german, quantity: null };
    await orderImporter(tenantId).import(bytesOf(file), { ...reading, layout });
    expect((await stored()).map(({ quantity }) => quantity)).toEqual([1, 1, 1]);
  });

  it('may be separated by tabs', async () => {
    const layout = { ...german, separator: '\t', decimal: '.' } as const;
    const text = 'Kunde\tDatum\tMenge\tBetrag\nk1\t2024-01-31\t1\t12.50\n';
    expect(await orderImporter(tenantId).import(bytesOf(text), { layout })).toMatchObject({ orders: 1 });
  });

  it('may have its separator in quoted values', async () => {
    const layout = { ...german, separator: ',' } as const;
    const text = 'Kunde,Datum,Notiz,Menge,Betrag\n"k,1","31.01.2024","a,""b""",1,"12,50"\n';
    await orderImporter(tenantId).import(bytesOf(text, 5), { ...reading, layout });
    expect((await stored()).map(({ customerId, amount }) => [customerId, Number(amount)])).toEqual([
      ['k,1', 12.5],
    ]);
  });

  it.each<[string, string, Partial<OrderLayout>]>([
    ['31.01.24;k1;1;5', 'line 3: Datum "31.01.24" is not a date in the format %d.%m.%Y', {}],
    ['31.01.2024;k1;1;5.00', 'line 3: Betrag "5.00" is not a decimal number such as 11,77', {}],
    ['31.01.2024;k1;1;1,234', 'line 3: Betrag must be between', {}],
    ['31.01.2024;k1;eins;5', 'line 3: Menge "eins" is not a whole number', {}],
    ['31.01.2024;;1;5', 'line 3: Kunde is missing', {}],
    ['31.01.2024;k1;-1;5', 'line 3: Menge is negative, but Betrag is not', {}],
    ['31.01.2024;k1;1', 'line 3: too few columns: 3, where the first line has 4', {}],
    ['31.01.2024;k1;1;5;6', 'line 3: too many columns: 5, where the first line has 4', {}],
    ['31.01.2024;k"1;1;5', 'line 3: a quotation mark inside a value', {}],
    [
      '31.01.2024;k1;1;5',
      'line 1: there is no column "customer". The columns are "Datum", "Kunde"',
      { customerId: 'customer' },
    ],
    [
      '31.01.2024;k1;1;5',
      'line 1: there is no column "Kunde". The columns are "Datum;Kunde;Menge;Betrag"',
      { separator: ',' },
    ],
  ])('is refused by line, in its own words (case %#)', async (line, words, given) => {
    const text = `Datum;Kunde;Menge;Betrag\n31.01.2024;k1;1;5\n${line}\n`;
    const message = await refusal(text, { ...reading, layout: { ...german, ...given } });
    expect(message).toContain(words);
    expect(message).toMatch(/Nothing (from the file )?was imported\.$/);
    expect(await stored()).toEqual([]);
  });

  it('is refused if a column that is read occurs twice, or is to hold two things', async () => {
    const layout = { ...german, amount: 'Menge' };
    expect(await refusal(file, { ...reading, layout })).toContain('the column "Menge" was chosen twice');
    expect(await refusal('Datum;Kunde;Kunde;Menge;Betrag\n')).toContain('the column "Kunde" occurs 2 times');
    expect(await refusal('Datum;Kunde;Menge;Betrag\n')).toContain('a header but no orders');
    expect(await refusal('')).toContain('The file is empty');
  });
});

describe('a preview', () => {
  it('shows the first orders as they would be read, and stores nothing', async () => {
    const rows = await orderImporter(tenantId).preview(bytesOf(file), reading, 2);
    expect(rows).toEqual([
      { customerId: 'k1', orderedAt: new Date('2024-01-31T00:00:00Z'), quantity: 2, amount: 12.5 },
      { customerId: 'k;2', orderedAt: new Date('2024-02-01T00:00:00Z'), quantity: 1, amount: -3 },
    ]);
    await expect(orderImporter(tenantId).preview(bytesOf(file), { layout: german }, 2)).rejects.toMatchObject(
      { message: expect.stringContaining('line 2: Datum "31.01.2024" is not a date') },
    );
    expect(await stored()).toEqual([]);
    // The connection serves the next.
    expect(await orderImporter(tenantId).preview(bytesOf(file), reading, 9)).toHaveLength(3);
  });
});
