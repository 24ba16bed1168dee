import { describe, expect, it } from 'vitest';
import { datasets } from './datasets';
import { fixedInFormat, offeredColumns } from './policy';
import { datasetNames, type ExtractPolicy } from './ports';
import { extractQuery } from './query';

describe('fixedInFormat', () => {
  const cases = datasetNames.flatMap((name) =>
    datasets[name].formats.map((format) => [name, format] as const),
  );

  it.each(cases)('is true of %s as %s, whatever is chosen', (dataset, format) => {
    const policy: ExtractPolicy = {
      dataset,
      version: 1,
      createdAt: new Date(0),
      createdBy: 'ada',
      rowLimit: null,
      columns: Object.fromEntries(datasets[dataset].columns.map(({ name }) => [name, 'none'])),
    };
    const offered = offeredColumns(policy);
    const fixed = (wanted: string | null) =>
      offered.filter((column) => fixedInFormat(dataset, format, column) === wanted).map(({ name }) => name);
    const written = (columns: readonly string[]) =>
      extractQuery({
        tenantId: 'foo',
        dataset,
        format,
        columns,
        range: { from: null, before: null },
        asOf: datasets[dataset].asOf === 'none' ? null : new Date('2026-01-01T00:00:00Z'),
        policy,
      }).columns.map(({ name }) => name);
    const free = fixed(null);
    for (const choice of [free, free.slice(0, 1), [...free, ...fixed('never')]]) {
      const expected = new Set(
        [...fixed('always'), ...choice].filter((name) => !fixed('never').includes(name)),
      );
      expect(new Set(written(choice))).toEqual(expected);
    }
  });

  it('locks the label and what is not a number in the XGBoost layout alone', () => {
    const of = (name: string, type: 'text' | 'int', format: 'csv' | 'xgboost') =>
      fixedInFormat('churn_training', format, { name, type, mask: 'none' });
    expect(of('customer_id', 'text', 'xgboost')).toBe('never');
    expect(of('churned', 'int', 'xgboost')).toBe('always');
    expect(of('frequency', 'int', 'xgboost')).toBeNull();
    expect(of('customer_id', 'text', 'csv')).toBeNull();
    expect(of('churned', 'int', 'csv')).toBeNull();
  });
});
