import { expect, it } from 'vitest';
import { datasets } from '@/lib/domain/extracts/datasets';
import { newExtract } from '@/lib/domain/extracts/lifecycle';
import { datasetNames } from '@/lib/domain/extracts/ports';
import { extractDraft } from '@/lib/domain/extracts/schemas';
import { draftHref, faultsOf, likeHref, readDraft } from './draft';

const read = (query: string) => readDraft(new URLSearchParams(query));

it('is a valid extract to begin with', () => {
  expect(read('')).toEqual({
    dataset: 'customers',
    format: 'csv',
    columns: undefined,
    from: '',
    to: '',
    asOf: '',
  });
});

it('takes columns of the dataset that the form showed, and all of another', () => {
  const form = 'shown=orders&column=amount&column=quantity';
  expect(read(`dataset=orders&${form}`).columns).toEqual(['amount', 'quantity']);
  expect(read(`dataset=tickets&${form}`).columns).toBeUndefined();
  expect(read('dataset=orders&shown=orders').columns).toEqual([]);
});

it('lets nothing be a dataset or a format that is none', () => {
  expect(read('dataset=__proto__&format=exe')).toMatchObject({ dataset: 'customers', format: 'csv' });
});

it('comes back as it was from its address', () => {
  const draft = {
    dataset: 'churn_training',
    format: 'xgboost',
    columns: ['churned', 'frequency'],
    from: '',
    to: '',
    asOf: '2026-01-31',
  } as const;
  expect(readDraft(new URL(draftHref(draft), 'http://x').searchParams)).toEqual(draft);
});

it.each(datasetNames)('repeats the date of an extract of %s only if a person chose it', (dataset) => {
  const day = '2026-01-31';
  const extract = newExtract(
    {
      requestId: 'r-1',
      dataset,
      format: 'csv',
      columns: [],
      policyVersion: 1,
      range: { from: null, before: null },
      asOf: datasets[dataset].asOf === 'none' ? null : new Date(day),
      requestedBy: { id: 'sub-1', name: 'ada' },
    },
    new Date('2026-03-01'),
  );
  const repeated = readDraft(new URL(likeHref(extract), 'http://x').searchParams);
  expect(repeated.asOf).toBe(datasets[dataset].asOf === 'chosen' ? day : '');
});

it('says which field a fault is of, as the form names it', () => {
  const days = extractDraft.safeParse({ dataset: 'orders', from: '2026-02-02', to: '2026-02-01' });
  const given = (days.error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]);
  expect(faultsOf(Object.fromEntries(given))).toEqual([
    { label: 'To (UTC)', reason: 'must not be before the first day' },
  ]);
  expect(faultsOf({ 'columns.3': 'is too long', elsewhere: 'is odd' })).toEqual([
    { label: 'Columns', reason: 'is too long' },
    { label: undefined, reason: 'is odd' },
  ]);
});
