import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  formatAge,
  formatAmount,
  formatBytes,
  formatCount,
  formatDay,
  formatDuration,
  formatInstant,
  formatMilliseconds,
  formatProbability,
  formatShare,
  formatShort,
  formatUnits,
  formatUsd,
  formatUsdRate,
  formatZoned,
  isWholeDay,
  zoneName,
} from './format';

const at = new Date('2026-09-30T22:30:05Z');

describe('figures', () => {
  it('carry groups, decimals and units', () => {
    expect(formatCount(69_659)).toBe('69,659');
    expect(formatAmount(1204.5)).toBe('1,204.50');
    expect([0, 0.0001, 0.005, 1204.5, -3, -0.0001].map(formatUsd)).toEqual([
      '$0.00',
      '<$0.01',
      '$0.01',
      '$1,204.50',
      '-$3.00',
      '$0.00',
    ]);
    expect([0, 0.0004, 0.4234, 0.99949, 0.9996, 1].map(formatShare)).toEqual([
      '0.0%',
      '<0.1%',
      '42.3%',
      '99.9%',
      '>99.9%',
      '100.0%',
    ]);
    expect([0, 0.004, 0.005, 1204.5].map(formatUsd)).toEqual(['$0.00', '<$0.01', '$0.01', '$1,204.50']);
    expect([0.05, 0.115, 0.7364].map(formatUsdRate)).toEqual(['$0.05', '$0.115', '$0.7364']);
    expect(formatUnits(1, 'order')).toBe('1 order');
    expect(formatUnits(2.25, 'day')).toBe('2.3 days');
    expect(formatUnits(1.04, 'day')).toBe('1 day');
    expect([0, 1].map(formatProbability)).toEqual(['<0.1%', '>99.9%']);
  });

  it.each([
    ['share', formatShare],
    ['probability', formatProbability],
  ])('never show a larger %s as the smaller one', (_, format) => {
    // The middle of the range that a text names, in percent.
    const read = (text: string): number =>
      Number.parseFloat(text.replace(/[<>]/, '')) +
      (text.startsWith('<') ? -0.05 : text.startsWith('>') ? 0.05 : 0);
    const value = fc.oneof(
      fc.constantFrom(0, 0.0005, 0.9995, 1),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.998, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 0.002, noNaN: true }),
    );
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        expect(read(format(less))).toBeLessThanOrEqual(read(format(more)));
      }),
    );
  });

  it('are grouped and rounded as Intl does', () => {
    const intl = new Intl.NumberFormat('en', {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
      // What is rounded to zero has no sign.
      signDisplay: 'negative',
    });
    for (const value of [0, -0.001, 0.125, -0.125, 999.995, -1000, 123456.789, 1e12 / 7])
      expect(formatAmount(value)).toBe(intl.format(value));
  });

  it.each([
    [0, '0.00 ms'],
    [0.4249, '0.42 ms'],
    [9.999, '10.0 ms'],
    [12.34, '12.3 ms'],
    [99.96, '100 ms'],
    [1204.2, '1,204 ms'],
  ])('word %d ms exactly as %s', (length, text) => expect(formatMilliseconds(length)).toBe(text));

  it.each([
    [-5, '0 s'],
    [4200, '4 s'],
    [125_000, '2 min 05 s'],
    [3_840_000, '1 h 04 min'],
  ])('word %d ms as %s', (length, text) => expect(formatDuration(length)).toBe(text));

  it.each([
    [10, 'just now'],
    [60, '1 minute ago'],
    [3569, '59 minutes ago'],
    [3600, '1 hour ago'],
    [86_400, '1 day ago'],
    [-60, 'just now'],
  ])('word an age of %d s as %s', (seconds, text) =>
    expect(formatAge(new Date(at.getTime() - seconds * 1000), at)).toBe(text),
  );
});

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1_530_000, '1.5 MB'],
    [2e15, '2,000 TB'],
  ])('word %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('counts where space is short', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [1249, '1.2k'],
    [9949, '9.9k'],
    [9950, '10k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [23_570_000, '24M'],
  ])('word %d as %s', (count, text) => expect(formatShort(count)).toBe(text));
});

describe('instants', () => {
  it('are written in UTC', () => {
    expect(formatInstant(at, 'minute', 'UTC')).toBe('30 Sep 2026, 22:30');
    expect(formatInstant(at, 'date', 'UTC')).toBe('30 Sep 2026');
  });

  it.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati'])(
    'are written in the reader’s zone: %s',
    (zone) => {
      vi.stubEnv('TZ', zone);
      for (const time of ['2026-01-01T00:00:00Z', '2026-03-08T06:59:59Z', '2026-03-08T07:00:00Z', at]) {
        const instant = new Date(time);
        const parts = new Intl.DateTimeFormat('en-GB', {
          dateStyle: 'medium',
          timeStyle: 'medium',
          timeZone: zone,
        }).format(instant);
        expect(formatInstant(instant, 'second')).toBe(parts.replace('Sept', 'Sep').replace(/^(\d) /, '0$1 '));
      }
      vi.unstubAllEnvs();
    },
  );

  it.each([
    ['UTC', '30 Sep 2026, 22:30 UTC'],
    ['Europe/Berlin', '01 Oct 2026, 00:30 UTC+2'],
    ['Asia/Kolkata', '01 Oct 2026, 04:00 UTC+5:30'],
    ['America/St_Johns', '30 Sep 2026, 20:00 UTC-2:30'],
  ])('name their zone: %s', (zone, text) => {
    vi.stubEnv('TZ', zone);
    expect(formatZoned(at, 'minute')).toBe(text);
    expect(formatZoned(at, 'second', 'UTC')).toBe('30 Sep 2026, 22:30:05 UTC');
    expect(formatDay(at)).toBe('30 Sep 2026');
    vi.unstubAllEnvs();
  });

  it('know a day from a time of day', () => {
    expect(isWholeDay(new Date('1997-01-01T00:00:00Z'))).toBe(true);
    expect(isWholeDay(at)).toBe(false);
  });
});

it('a zone is named by its distance from UTC', () => {
  const zones = [
    [0, 'UTC'],
    [-60, 'UTC+1'],
    [-345, 'UTC+5:45'],
    [210, 'UTC-3:30'],
  ] as const;
  for (const [behind, name] of zones) {
    const offset = vi.spyOn(Date.prototype, 'getTimezoneOffset').mockReturnValue(behind);
    expect(zoneName(at, 'local')).toBe(name);
    expect(zoneName(at, 'UTC')).toBe('UTC');
    offset.mockRestore();
  }
});
