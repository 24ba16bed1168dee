import { describe, expect, it } from 'vitest';
import { newExtract } from '@/lib/domain/extracts/lifecycle';
import { extractStates, outputMasks } from '@/lib/domain/extracts/ports';
import { extractOf, itemOf } from './extract-item';

const extract = newExtract(
  {
    ...{
      requestId: 'r-1',
      dataset: 'orders',
      format: 'csv',
      policyVersion: 1,
      requestedBy: { id: 'sub-1', name: 'ada' },
    },
    ...{ columns: [], range: { from: null, before: null }, asOf: null },
  },
  new Date('2026-03-01'),
);

describe('a stored extract', () => {
  it.each(outputMasks)('with the mask %s is read as it was written', (mask) => {
    const masked = { ...extract, columns: [{ name: 'amount', type: 'float' as const, mask }] };
    expect(extractOf(itemOf(masked))).toEqual(masked);
  });

  it.each(extractStates)('that is %s is read as it was written', (state) => {
    expect(extractOf(itemOf({ ...extract, state }))).toEqual({ ...extract, state });
  });

  it('from before the id of who asked was kept has the name, and an id that says so', () => {
    const older = extractOf({ ...itemOf(extract), requestedBy: 'ada@foo.example' });
    expect(older.requestedBy).toEqual({ id: 'unknown', name: 'ada@foo.example' });
    expect(extractOf(itemOf(older))).toEqual(older);
  });

  it('with a column that is dropped is none', () => {
    const columns = [{ name: 'amount', type: 'float', mask: 'drop' }];
    expect(() => extractOf({ ...itemOf(extract), columns })).toThrow(/mask/);
  });
});
