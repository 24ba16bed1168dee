import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAnnexError } from '@/lib/errors';
import { datasets } from './datasets';
import { maskingOf } from './masking';
import { datasetNames, type ExtractPolicy, extractFormats, masks } from './ports';
import { extractQuery, type QueryRequest } from './query';
import { policyOf } from './testing';

const asOf = new Date('2026-03-01');
const anywhen = { from: null, before: null };

const whole = (policy: ExtractPolicy, more: Partial<QueryRequest> = {}): QueryRequest => ({
  tenantId: 'foo',
  dataset: policy.dataset,
  format: 'csv',
  columns: null,
  range: anywhen,
  asOf: datasets[policy.dataset].asOf === 'none' ? null : asOf,
  policy,
  ...more,
});
const names = (request: QueryRequest) => extractQuery(request).columns.map(({ name }) => name);

const allNames = datasetNames.flatMap((name) => datasets[name].columns.map((column) => column.name));
const anyName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...allNames) },
  fc.constantFrom('tenant_id', '*', 'salt', '__proto__', 'constructor', '"email"', 'email --', ''),
  fc.string(),
);
const requests = fc
  .record({
    dataset: fc.constantFrom(...datasetNames),
    format: fc.constantFrom(...extractFormats),
    columns: fc.option(fc.array(anyName, { maxLength: 6 })),
    columnMasks: fc.dictionary(anyName, fc.constantFrom(...masks)),
    from: fc.option(fc.date({ noInvalidDate: true })),
    before: fc.option(fc.date({ noInvalidDate: true })),
    tenantId: fc.string({ minLength: 1 }),
  })
  .map(
    ({ columnMasks, from, before, ...rest }): QueryRequest => ({
      ...rest,
      range: { from, before },
      asOf: datasets[rest.dataset].asOf === 'none' ? null : asOf,
      policy: {
        dataset: rest.dataset,
        version: 1,
        columns: columnMasks,
        createdAt: new Date(0),
        createdBy: 'a property',
      },
    }),
  );

describe('whatever the request and the policy', () => {
  it('no column outside the policy appears, and each as the policy masks it', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const query = attempt(request);
        if (!query) return;
        for (const { name, mask, type } of query.columns) {
          const definition = datasets[request.dataset].columns.find((column) => column.name === name);
          expect(definition).toBeDefined();
          expect(Object.hasOwn(request.policy.columns, name)).toBe(true);
          expect(mask).toBe(request.policy.columns[name]);
          expect(mask).not.toBe('drop');
          if (definition) expect(maskingOf(definition.type, mask)?.type).toBe(type);
          if (request.format === 'xgboost') expect(['int', 'float']).toContain(type);
        }
        expect(new Set(query.columns.map(({ name }) => name)).size).toBe(query.columns.length);
        expect(query.columns.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('nothing that a person wrote is in the statement: it is bound', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const tenantId = `tenant-${request.tenantId}';--`;
        const query = attempt({ ...request, tenantId });
        if (!query) return;
        expect(query.statement).not.toContain(tenantId);
        expect(query.values[0]).toEqual({ type: 'text', value: tenantId });
        const placeholders = new Set(query.statement.match(/\$\d+/g));
        expect([...placeholders].toSorted()).toEqual(query.values.map((_, n) => `$${n + 1}`).toSorted());
        expect(query.statement).not.toMatch(/;|--|\/\*/);
      }),
      { numRuns: 1000 },
    );
  });
});

function attempt(request: QueryRequest) {
  try {
    return extractQuery(request);
  } catch (error) {
    if (isAnnexError(error, 'invalid')) return null;
    throw error;
  }
}

describe('extractQuery', () => {
  it('gives every offered column in the dataset’s order, whatever order is asked for', () => {
    expect(names(whole(policyOf('orders')))).toEqual(['customer_id', 'ordered_at', 'quantity', 'amount']);
    expect(names(whole(policyOf('orders'), { columns: ['amount', 'customer_id', 'amount'] }))).toEqual([
      'customer_id',
      'amount',
    ]);
    expect(names(whole(policyOf('customers', { email: 'drop' })))).toEqual([
      'customer_id',
      'name',
      'created_at',
    ]);
  });

  it('refuses a column that there is not, and one that the policy keeps back, in the same words', () => {
    for (const column of ['salt', 'email']) {
      expect(() =>
        extractQuery(whole(policyOf('customers', { email: 'drop' }), { columns: [column] })),
      ).toThrow(`There is no column “${column}” to extract`);
    }
    expect(() => extractQuery(whole(policyOf('customers'), { columns: [] }))).toThrow('at least one column');
  });

  it('lays numbers out for XGBoost, the label first', () => {
    const training = whole(policyOf('churn_training'), { format: 'xgboost' });
    expect(names(training).slice(0, 3)).toEqual(['churned', 'recency_days', 'frequency']);
    expect(names(training)).toHaveLength(9);
    expect(names({ ...training, columns: ['customer_id', 'frequency'] })).toEqual(['churned', 'frequency']);
    expect(names(whole(policyOf('churn_features'), { format: 'xgboost' }))).toHaveLength(8);
    expect(
      names(whole(policyOf('churn_features', { frequency: 'redact' }), { format: 'xgboost' })),
    ).toHaveLength(7);
    expect(() => extractQuery({ ...training, columns: ['customer_id'] })).toThrow('column of numbers');
    expect(() =>
      extractQuery(whole(policyOf('churn_training', { churned: 'drop' }), { format: 'xgboost' })),
    ).toThrow('keeps the label back');
    expect(() => extractQuery(whole(policyOf('orders'), { format: 'xgboost' }))).toThrow('this format');
  });

  it('does not take a policy of another dataset, or a mask that its column does not know', () => {
    expect(() => extractQuery({ ...whole(policyOf('orders')), policy: policyOf('customers') })).toThrow(
      'another',
    );
    expect(names(whole(policyOf('orders', { amount: 'partial' })))).not.toContain('amount');
  });
});
