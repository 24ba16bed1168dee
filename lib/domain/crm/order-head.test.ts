import { describe, expect, it } from 'vitest';
import { isAnnexError } from '@/lib/errors';
import { knownFormats } from './date-formats';
import { csvValues, formatOf, proposeReading, readHead } from './order-head';

const headOf = (text: string, whole = true) => readHead(Buffer.from(text), { whole });

it('a line is divided at separators outside of quotation marks', () => {
  expect(csvValues('a,"b, ""c""",,d', ',')).toEqual(['a', 'b, "c"', '', 'd']);
  expect(csvValues('', ',')).toEqual(['']);
  expect(csvValues('a"b,"open', ',')).toEqual(['a"b', 'open']);
});

describe('the head of a file', () => {
  it('is read by the separator that makes the most columns, without what is cut', () => {
    expect(headOf('\uFEFFid;date;"a,b"\r\n1;2;3\r\n4;5', false)).toEqual({
      separator: ';',
      columns: ['id', 'date', 'a,b'],
      lines: [['1', '2', '3']],
    });
    expect(headOf('id\tdate\n1\t2').lines).toEqual([['1', '2']]);
    expect(headOf('').columns).toEqual(['']);
  });

  it('is refused as UTF-16', () => {
    expect(() => readHead(Uint8Array.of(0xff, 0xfe), { whole: true })).toThrow('UTF-16');
    try {
      readHead(Uint8Array.of(0xfe, 0xff), { whole: true });
    } catch (error) {
      expect(isAnnexError(error, 'invalid')).toBe(true);
    }
  });
});

describe('a proposal', () => {
  it('finds the columns by their names', () => {
    const proposal = proposeReading(
      headOf('Order ID,Customer-Id,Order Date,Total,Qty\n1,c,2024-01-31,5.00,1\n'),
    );
    expect(proposal).toMatchObject({
      customerId: 'Customer-Id',
      orderedAt: 'Order Date',
      amount: 'Total',
      quantity: 'Qty',
      decimal: '.',
      format: '',
    });
  });

  it('finds them also by what stands before a unit, and reads dates and amounts of columns that are chosen', () => {
    const head = headOf(
      'Customer No;Purchased on;Shipped;Total (EUR);Fee [EUR]\nc;2024-01-31;31/01/2024;5.00;0,50\n',
    );
    expect(proposeReading(head)).toMatchObject({
      customerId: 'Customer No',
      orderedAt: 'Purchased on',
      amount: 'Total (EUR)',
      decimal: '.',
      format: '',
    });
    expect(proposeReading(head, { orderedAt: 'Shipped', amount: 'Fee [EUR]' })).toMatchObject({
      orderedAt: 'Purchased on',
      decimal: ',',
      format: '%d/%m/%Y',
    });
    expect(proposeReading(headOf('kunde;Total (EUR);Total (USD)\n')).amount).toBeNull();
  });

  it('leaves open what it does not know, and a name that occurs twice', () => {
    expect(proposeReading(headOf('who,date,date,sum\n'))).toMatchObject({
      customerId: null,
      orderedAt: null,
      quantity: null,
      amount: null,
    });
  });

  it('takes a comma in amounts for the decimal mark', () => {
    expect(proposeReading(headOf('kunde;datum;betrag\nk;2024-01-31;12,50\n')).decimal).toBe(',');
  });
});

describe('a date format', () => {
  it.each<[readonly string[], string | null]>([
    [['2024-01-31', '2024-01-31T13:00Z', '2024-01-31 13:00:00+01:00'], ''],
    [[], ''],
    [['31.01.2024', '1.2.2024'], '%d.%m.%Y'],
    [['31.01.2024 13:05'], '%d.%m.%Y %H:%M'],
    [['31/01/2024', '02/01/2024'], '%d/%m/%Y'],
    [['01/31/2024 01:05 PM'], '%m/%d/%Y %I:%M %p'],
    [['20240131'], '%Y%m%d'],
    // Either way round: nobody guesses.
    [['01/02/2024', '03/04/2024'], null],
    [['31/01/2024', '01/31/2024'], null],
    [['31.01.24'], null],
    [['Wed Jan 31 2024'], null],
  ])('of %j is %j', (dates, format) => {
    expect(formatOf(dates)).toBe(format);
  });

  it('that can be chosen fits its own example', () => {
    for (const { words, fits } of knownFormats.slice(1)) expect(fits(words.split(': ')[1] ?? '')).toBe(true);
  });
});
